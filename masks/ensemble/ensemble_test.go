package ensemble_test

import (
	"math"
	"strings"
	"testing"

	"ergon/internal/philox"
	"ergon/masks"
	"ergon/masks/ensemble"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// draw sets the gradients of a step.
func draw(e *ensemble.Ensemble, step uint64) {
	stream := philox.New(3, "test/gradients")
	stream.Normals(step, 0, e.Gradient())
}

// advance makes steps [from,to).
func advance(t *testing.T, e *ensemble.Ensemble, from, to uint64) {
	t.Helper()
	for step := from; step < to; step++ {
		draw(e, step)
		if err := e.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

// local returns a rule of each kind of mask, optimizer and cache that is local.
func local(t *testing.T) map[string]masks.Rule {
	t.Helper()
	all := map[string]masks.Rule{}
	for _, stage := range maskstest.Stages() {
		for _, kind := range stage.Kinds {
			settings := map[string]any{"kind": kind.Name}
			for _, f := range kind.Fields {
				if f.Key == "rows" {
					settings["rows"] = 0
				}
			}
			rule, err := maskstest.Decode(map[string]any{stage.Key: settings})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ensemble.New(&rule, 2, 0); err == nil {
				all[stage.Key+" "+kind.Name] = rule
			}
		}
	}
	return all
}

// A fork goes on as what it was forked from does, before the first step and later, of every kind; and what
// it does changes nothing there.
func TestForksGoOnAlike(t *testing.T) {
	all := local(t)
	if len(all) < 20 {
		t.Errorf("%d kinds are local", len(all))
	}
	for name, rule := range all {
		e, err := ensemble.New(&rule, 300, 7)
		if err != nil {
			t.Fatal(err)
		}
		for i := range e.Weights() {
			e.Weights()[i] = float32(i%7) - 3
		}
		for _, at := range []uint64{0, 4} {
			twin, err := e.Fork()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			advance(t, twin, at, at+4)
			advance(t, e, at, at+4)
			if !maskstest.SameBits([][]float32{e.Weights()}, [][]float32{twin.Weights()}) || e.Counts() != twin.Counts() {
				t.Errorf("%s: a fork of step %d is elsewhere after four more", name, at)
			}
		}
	}
}

// The bound of a clip by norm is the root mean square of Δw, however many synapses there are.
func TestBoundIsPerRoot(t *testing.T) {
	rule := rules.Default()
	rule.Clip = &rules.ClipNorm{Bound: 0.01, Per: "network"}
	for _, n := range []int{10, 1000} {
		e, err := ensemble.New(&rule, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		advance(t, e, 0, 1)
		square := 0.0
		for _, w := range e.Weights() {
			square += float64(w) * float64(w) / float64(n)
		}
		if math.Abs(math.Sqrt(square)-0.01) > 1e-6 {
			t.Errorf("%d synapses move by %v, want 0.01", n, math.Sqrt(square))
		}
	}
}

// What is not local is refused.
func TestEnsembleRefuses(t *testing.T) {
	rule := rules.Default()
	rule.Gate = &rules.Lazy{}
	if _, err := ensemble.New(&rule, 10, 0); err == nil || !strings.Contains(err.Error(), "rule.gate.kind: lazy is not local") {
		t.Errorf("error %v", err)
	}
}
