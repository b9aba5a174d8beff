package train

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// countChanges counts the steps in which each permanent weight became another.
func countChanges(r *Run) func() rundir.Writes {
	counts, last := make([][]int64, len(r.weights)), permanent(r)
	for a, w := range last {
		counts[a] = make([]int64, len(w))
	}
	return func() (e rundir.Writes) {
		total, written, synapses := int64(0), 0, 0
		for a, w := range permanent(r) {
			for i, x := range w {
				if x != last[a][i] {
					counts[a][i]++
				}
				if counts[a][i] > 0 {
					written++
				}
				total += counts[a][i]
			}
			e.Max = max(e.Max, slices.Max(counts[a]))
			synapses += len(w)
		}
		last = permanent(r)
		e.Mean, e.Unwritten = float64(total)/float64(synapses), float64(synapses-written)/float64(synapses)
		return e
	}
}

// permanent returns copies of the permanent weights.
func permanent(r *Run) (copies [][]float32) {
	all := r.weights
	if m := r.updater.Memory(); m != nil && m.Permanent() != nil {
		all = m.Permanent()
	}
	for _, w := range all {
		copies = append(copies, slices.Clone(w))
	}
	return copies
}

// The writes of a summary are those that weights before and after each step tell, but for updates that
// are too small to change a weight: with these, they add up to M0.
func TestWritesEqualARecount(t *testing.T) {
	for _, setting := range []string{
		"rule.mask=full", "rule.mask={kind: competitive, p: 0.1}", "rule.mask={kind: neurons, p: 0.5}", "rule.mask={kind: subnet, k: [5, 4]}",
		"rule.gate=lazy", "rule.optimizer=momentum", "rule.clip={kind: norm, bound: 0.001}",
		"rule.cache={kind: synaptic, theta: 0.01}", "rule.cache={kind: mixed_precision, epsilon: 0.01}",
		"rule.cache={kind: mixed_precision, epsilon: 0.01, visible: true}",
	} {
		for _, batch := range []string{"train.batch=1", "train.batch=8"} {
			r := begin(t, load(t, tiny, setting, batch, "rule.optimizer.lr=0.05"))
			look, want := countChanges(r), rundir.Writes{}
			for range 60 {
				advance(t, r)
				want = look()
			}
			var s rundir.Summary
			completeSummary(context.Background(), &s, r)
			got, total := s.Energy.Writes, s.Energy.Totals
			m0, stored := total.M0, total.M0Stored
			if total.Cached != nil {
				m0, stored = total.M0Consolidated, total.M0Consolidated
			}
			n := float64(s.Parameters)
			if got == nil || m0 == 0 || math.Abs(got.Mean*n-float64(m0)) > 1e-6 || math.Abs(want.Mean*n-float64(stored)) > 1e-6 {
				t.Fatalf("%s, %s: %+v of %v synapses, a recount gives %+v; M0 is %d, of which %d stored", setting, batch, got, n, want, m0, stored)
			}
			if m0 == stored && *got != want {
				t.Errorf("%s, %s: %+v, a recount gives %+v", setting, batch, got, want)
			}
		}
	}
}

// Synapses of fixed layers are none that could be written.
func TestWritesWithoutFixedLayers(t *testing.T) {
	r := begin(t, load(t, tiny, "model="+strings.Replace(tinyConvNet, "}", ", last: {fixed: true}}", 1), "rule.mask=full"))
	places := 0
	for _, w := range r.weights {
		places += len(w)
	}
	for range 20 {
		advance(t, r)
	}
	var s rundir.Summary
	completeSummary(context.Background(), &s, r)
	w := s.Energy.Writes
	if w == nil || places == s.Parameters || math.Abs(w.Mean*float64(s.Parameters)-float64(s.Energy.M0)) > 1e-6 || w.Max != 20 {
		t.Errorf("writes %+v of %d synapses of %d weights, M0 %d", w, s.Parameters, places, s.Energy.M0)
	}
}

// What was saved by a program that did not count goes on without, and says why.
func TestWritesAreNotKnownOfOlderStates(t *testing.T) {
	c := load(t, tiny)
	r := begin(t, c)
	advance(t, r)
	memory, err := r.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for name := range memory.Float32s {
		if strings.HasPrefix(name, "rule.writes.") {
			delete(memory.Float32s, name)
		}
	}
	delete(memory.Values, "rule.writes.unknown")
	later := begin(t, c)
	if err := later.Restore(memory); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what does not know it is saved, and restored, as well
		advance(t, later)
		if memory, err = later.Snapshot(); err != nil {
			t.Fatal(err)
		}
		later = begin(t, c)
		if err := later.Restore(memory); err != nil {
			t.Fatal(err)
		}
	}
	var s rundir.Summary
	completeSummary(context.Background(), &s, later)
	text, err := json.Marshal(s.Energy)
	if err != nil || !strings.Contains(string(text), `"writes":null,"writes_not_counted":"the run goes on from a state that was saved before`) {
		t.Errorf("%v, %s", err, text)
	}
}

// A GPU does not count, nor does a run of which it made a part.
func TestWritesAreNotKnownOnAGPU(t *testing.T) {
	testdevice.Use(t)
	s, err := begin(t, load(t, tiny, "engine.device=gpu")).Train(context.Background())
	if err != nil || s.Energy.Writes != nil || !strings.Contains(s.Energy.NotCounted, "GPU") {
		t.Errorf("%v, %+v, %q", err, s.Energy.Writes, s.Energy.NotCounted)
	}
}
