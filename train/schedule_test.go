package train

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"ergon/train/rundir"
)

// evaluated notes after how many presentations a run is evaluated.
type evaluated struct {
	NopHook
	at []int
}

// Evaluate implements Hook.
func (e *evaluated) Evaluate(r *Run, _ *rundir.Metrics) error {
	e.at = append(e.at, r.Samples)
	return nil
}

// A budget and an interval that are said in presentations are counted in them,
// whatever the batch: the step that reaches a number is the first after which so many
// were presented, of batches that an epoch's end makes short.
func TestPresentationsAreCounted(t *testing.T) {
	const examples = 103
	for _, batch := range []int{1, 8, 64, 100, 103, 500} {
		for _, c := range []struct{ budget, every int }{{1, 1}, {9, 4}, {103, 103}, {250, 60}, {412, 100}} {
			var samples []int // after each step, as they must be
			for n, left := 0, examples; len(samples) == 0 || samples[len(samples)-1] < c.budget; {
				size := min(batch, left)
				n += size
				samples = append(samples, n)
				if left -= size; left == 0 {
					left = examples
				}
			}
			var want []int
			for i, n := range samples {
				before := 0
				if i > 0 {
					before = samples[i-1]
				}
				if n/c.every > before/c.every || i == len(samples)-1 {
					want = append(want, n)
				}
			}
			r := begin(t, load(t, tiny, "train.epochs=0", fmt.Sprint("train.batch=", batch),
				fmt.Sprint("train.max_presentations=", c.budget), fmt.Sprint("train.eval_presentations=", c.every)))
			looked := &evaluated{}
			s, err := r.Train(context.Background(), looked)
			if err != nil {
				t.Fatal(err)
			}
			if s.Status != rundir.StatusBudgetSpent || s.Samples != samples[len(samples)-1] || s.Steps != len(samples) {
				t.Errorf("batch %d, budget %d: %s after %d presentations in %d steps, want %d in %d",
					batch, c.budget, s.Status, s.Samples, s.Steps, samples[len(samples)-1], len(samples))
			}
			if !slices.Equal(looked.at, want) {
				t.Errorf("batch %d, budget %d, every %d: evaluated at %v, want %v", batch, c.budget, c.every, looked.at, want)
			}
		}
	}
}

// Of several limits the one that is reached first ends the run.
func TestTheLeastLimitHolds(t *testing.T) {
	for _, c := range []struct {
		limits []string
		steps  int
	}{
		{[]string{"train.epochs=2"}, 26},
		{[]string{"train.epochs=2", "train.max_steps=30", "train.max_presentations=300"}, 26},
		{[]string{"train.epochs=2", "train.max_steps=20", "train.max_presentations=300"}, 20},
		{[]string{"train.epochs=2", "train.max_steps=20", "train.max_presentations=9"}, 2},
		{[]string{"train.epochs=0", "train.max_presentations=104"}, 14},
		{[]string{"train.epochs=0", "train.max_steps=7"}, 7},
	} {
		if got := begin(t, load(t, tiny, c.limits...)).Limit(); got != c.steps {
			t.Errorf("%v: %d steps, want %d", c.limits, got, c.steps)
		}
	}
}
