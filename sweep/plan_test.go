package sweep

import (
	"context"
	"strings"
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
