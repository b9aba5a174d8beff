package sweep

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/internal/gpu/testdevice"
)

// On a GPU the cells of a shape run side by side, and each becomes what it is by
// itself; one whose rule has no kernel fails alone.
func TestCellsSideBySide(t *testing.T) {
	testdevice.Use(t)
	text := replaced(t, "seeds: 3", "  - {label: lazy, set: {rule.gate: lazy}}\nseeds: 3")
	cells := planned(t, parse(t, text), "engine.device=gpu")
	alone, err := Run(context.Background(), cells, Options{Out: t.TempDir(), Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	running := 0
	together, err := Run(context.Background(), cells, Options{Out: t.TempDir(), Observe: func(p Progress) { running = max(running, p.Running) }})
	if err != nil {
		t.Fatal(err)
	}
	if running != len(cells) {
		t.Errorf("%d runs at the same time, want all %d", running, len(cells))
	}
	for i, o := range together {
		if o.Label == "lazy" {
			if o.Err == nil || !strings.Contains(o.Err.Error(), "rule.gate: lazy has no kernel for the GPU") {
				t.Errorf("seed %d of lazy: error %v", o.Seed, o.Err)
			}
			continue
		}
		if o.Err != nil || !o.Finished() {
			t.Fatalf("%s seed %d: %s, %v", o.Label, o.Seed, o.Status(), o.Err)
		}
		// cuBLAS may sum a product of several networks in another order than one's.
		if testdevice.Real {
			continue
		}
		if diff := cmp.Diff(alone[i].Summary.Energy, o.Summary.Energy); diff != "" || alone[i].Summary.Steps != o.Summary.Steps {
			t.Errorf("%s seed %d side by side is not the run alone: %s", o.Label, o.Seed, diff)
		}
	}
}

// tired is a context that ends when it has been asked so often whether it has.
type tired struct {
	context.Context
	asked *atomic.Int64
	most  int64
}

func (c tired) Err() error {
	if c.asked.Add(1) > c.most {
		return context.Canceled
	}
	return nil
}

// Cells side by side that were stopped, not all at the same step, go on each from its own.
func TestCellsSideBySideGoOn(t *testing.T) {
	testdevice.Use(t)
	cells := planned(t, parse(t, replaced(t, "goals: [0.6, 0.7]", "goals: 1")), "engine.device=gpu")
	whole := ran(t, cells, t.TempDir())
	apart := false
	for most := int64(10); most < 60; most += 18 {
		out := t.TempDir()
		first, err := Run(tired{context.Background(), new(atomic.Int64), most}, cells, Options{Out: out})
		if err != nil {
			t.Fatal(err)
		}
		for i := range first[1:] {
			a, b := first[0].Summary, first[i+1].Summary
			apart = apart || a != nil && b != nil && a.Steps != b.Steps
		}
		then := ran(t, cells, out)
		for i, o := range then {
			if !o.Finished() {
				t.Fatalf("stopped after %d: %s seed %d: %s, %v", most, o.Label, o.Seed, o.Status(), o.Err)
			}
			if s := first[i].Summary; s != nil && s.Steps > 0 && !slices.Equal(o.Summary.Resumed.Steps, []int{s.Steps}) {
				t.Errorf("stopped after %d: %s seed %d stopped at step %d and went on from %v", most, o.Label, o.Seed, s.Steps, o.Summary.Resumed.Steps)
			}
			if testdevice.Real { // cuBLAS may sum a product in another order
				continue
			}
			want, got := whole[i].Summary.Energy, o.Summary.Energy
			want.JoulesMeasured, got.JoulesMeasured, want.NotMeasured, got.NotMeasured = nil, nil, "", ""
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("stopped after %d: %s seed %d is not the run that was not: %s", most, o.Label, o.Seed, diff)
			}
		}
	}
	if !apart {
		t.Error("want cells that were stopped at several steps")
	}
}

// Cells of different shapes are different groups, and no group is above the limit.
func TestGroups(t *testing.T) {
	testdevice.Use(t)
	b := parse(t, replaced(t, "seeds: 3", "grid: {train.batch: [10, 20]}\nseeds: 3"))
	for _, c := range []struct {
		device  string
		jobs    int
		want    []int
		workers int
	}{
		{"gpu", 0, []int{6, 6}, 1}, {"gpu", 4, []int{4, 4, 2, 2}, 1}, {"auto", 4, []int{4, 4, 2, 2}, 1},
		{"cpu", 4, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 4},
	} {
		var waiting []*Outcome
		for _, cell := range planned(t, b, "engine.device="+c.device) {
			waiting = append(waiting, &Outcome{Cell: cell})
		}
		var sizes []int
		p := newPlan(waiting, c.jobs)
		if p.workers != c.workers {
			t.Errorf("%s: %d groups at the same time, want %d", c.device, p.workers, c.workers)
		}
		for _, g := range p.groups {
			sizes = append(sizes, len(g))
			for _, o := range g {
				if a, b := o.Config.Train.Batch, g[0].Config.Train.Batch; a != b {
					t.Errorf("batches of %d and %d in a group", a, b)
				}
			}
		}
		if diff := cmp.Diff(c.want, sizes); diff != "" {
			t.Errorf("%s, at most %d: groups of %v: %s", c.device, c.jobs, sizes, diff)
		}
	}
}
