package train

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
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
// were presented, of batches that an epoch's end or the budget makes short.
func TestPresentationsAreCounted(t *testing.T) {
	const examples = 103
	for _, batch := range []int{1, 8, 64, 100, 103, 500} {
		for _, c := range []struct{ budget, every int }{{1, 1}, {9, 4}, {100, 7}, {103, 103}, {250, 60}, {412, 100}} {
			var samples []int // after each step, as they must be
			for n, left := 0, examples; len(samples) == 0 || samples[len(samples)-1] < c.budget; {
				size := min(batch, left, c.budget-n)
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

// The last step of a budget learns from the first examples of its batch, on every engine: it
// is the step of a run whose data end there.
func TestTheLastBatchIsShort(t *testing.T) {
	for _, device := range []string{"cpu", "reference"} {
		settings := []string{"engine.device=" + device, "train.sampling=sequential", "train.batch=64", "train.epochs=0"}
		short, a, _ := keptRun(t, append(settings, "train.max_presentations=90")...)
		fewer, b, _ := keptRun(t, append(settings, "data.train=90", "train.max_steps=2")...)
		if a.Samples != 90 || a.Steps != 2 || a.Energy.Totals != b.Energy.Totals || *a.TestLoss != *b.TestLoss || *a.TrainLoss != *b.TrainLoss {
			t.Errorf("%s: %d presentations in %d steps, losses %v and %v, account %+v;\nof 90 examples %v and %v, %+v",
				device, a.Samples, a.Steps, *a.TrainLoss, *a.TestLoss, a.Energy.Totals, *b.TrainLoss, *b.TestLoss, b.Energy.Totals)
		}
		for k, w := range short.weights {
			if !slices.Equal(w, fewer.weights[k]) {
				t.Errorf("%s: array %d has other weights", device, k)
			}
		}
	}
}

// Up to its last step a run with a budget is the run without, to the bit, and all of it where
// the budget ends with a batch.
func TestABudgetChangesNoStepBefore(t *testing.T) {
	lines := func(settings ...string) []string {
		log := &trace{at: -1}
		log.train(t, begin(t, load(t, tiny, append(settings, "train.epochs=2", "train.eval_every=100")...)))
		return log.lines
	}
	without := lines()
	for budget, same := range map[int]int{8: 1, 96: 12, 103: 13, 143: 18, 206: 26, 97: 12, 100: 12, 110: 13, 150: 18} {
		with := lines(fmt.Sprint("train.max_presentations=", budget))
		steps := slices.DeleteFunc(with, func(line string) bool { return strings.HasPrefix(line, `["evaluation"`) })
		if len(steps) < same || len(steps) > same+1 || !slices.Equal(steps[:same], without[:same]) {
			t.Errorf("budget %d: %d steps, of which %d should be those without a budget", budget, len(steps), same)
		}
	}
}

// A device makes the same short step, of runs alone and side by side.
func TestTheLastBatchIsShortOnADevice(t *testing.T) {
	testdevice.Use(t)
	settings := []string{"train.batch=64", "train.epochs=0", "train.max_presentations=1000", "data.train=300"}
	engine, err := load(t, tiny, "engine.device=gpu").Engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	var jobs []Job
	for _, seed := range []string{"seed=1", "seed=2"} {
		r, err := NewOn(engine, load(t, tiny, append(settings, seed, "engine.device=gpu")...))
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, Job{r, nil})
	}
	summaries, errs := Together(context.Background(), jobs)
	for i, seed := range []string{"seed=1", "seed=2"} {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		_, want, _ := keptRun(t, append(settings, seed)...)
		got := summaries[i]
		if got.Samples != 1000 || got.Steps != want.Steps || got.Energy.M0 != want.Energy.M0 || math.Abs(*got.TestLoss-*want.TestLoss) > 1e-3**want.TestLoss {
			t.Errorf("%s: %d presentations in %d steps, M0 %d, test loss %v; on the host %d, %d, %d, %v",
				seed, got.Samples, got.Steps, got.Energy.M0, *got.TestLoss, want.Samples, want.Steps, want.Energy.M0, *want.TestLoss)
		}
	}
}

// Runs of other budgets have other short steps, and are not trained side by side.
func TestBudgetsAreOfTheShape(t *testing.T) {
	shape := func(setting string) string { return Shape(load(t, tiny, setting)) }
	if shape("train.max_presentations=100") == shape("train.max_presentations=90") || shape("train.epochs=3") != shape("train.epochs=4") {
		t.Error("runs of other budgets have one shape, or runs of other epochs have two")
	}
}
