package train

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// sustained is the setting of crossings by the mean of so many evaluations.
func sustained(over int) []string {
	return []string{"train.crossing=sustained", fmt.Sprint("train.sustain=", over)}
}

// told enters evaluations of these accuracies, of 50 test examples each, in a summary.
func told(t *testing.T, accuracies []float64, settings ...string) *rundir.Summary {
	t.Helper()
	r := begin(t, load(t, tiny, settings...))
	s, goal := newSummary(r), newGoalAccuracy(r)
	for i, accuracy := range accuracies {
		m := &rundir.Metrics{Step: i + 1, Samples: 8 * (i + 1), TestAccuracy: &accuracy}
		recordEvaluation(s, r, m, goal.observe(m))
	}
	completeCrossings(s)
	return s
}

// reachedAt lists after which evaluation each of the goals 0.2, 0.5 and 0.8 was reached.
func reachedAt(crossings []rundir.Crossing) (all []int) {
	for _, x := range crossings {
		all = append(all, x.Steps)
	}
	return all
}

// A sustained goal is reached at the first evaluation where the mean of the last k is at or
// above it, of k evaluations at least. By hand, for goals of 0.2, 0.5 and 0.8.
func TestSustainedCrossings(t *testing.T) {
	for name, c := range map[string]struct {
		over             int
		accuracies       []float64
		sustained, first []int
		best             float64
	}{
		"one is the first":     {1, []float64{0.1, 0.6, 0.4, 0.9}, []int{2, 2, 4}, []int{2, 2, 4}, 0.9},
		"a lucky evaluation":   {3, []float64{0.1, 0.9, 0.1, 0.1, 0.1, 0.9}, []int{3}, []int{2, 2, 2}, 1.1 / 3},
		"by the mean, not all": {3, []float64{0.4, 0.9, 0.4, 0.9, 0.4, 0.9, 1, 0.5}, []int{3, 3, 8}, []int{1, 2, 2}, 2.4 / 3},
		"below it at the end":  {3, []float64{0.9, 0.9, 0.72, 0.3}, []int{3, 3, 3}, []int{1, 1, 1}, 2.52 / 3},
		"exactly at it":        {5, []float64{0.5, 0.5, 0.5, 0.5, 0.5, 0.8, 0.8, 0.8, 0.8, 0.8}, []int{5, 5, 10}, []int{1, 1, 6}, 0.8},
		"a mean exactly at it": {2, []float64{0.78, 0.82, 0.1}, []int{2, 2, 2}, []int{1, 1, 2}, 0.8},
		"one answer short":     {2, []float64{0.78, 0.8, 0.1}, []int{2, 2}, []int{1, 1, 2}, 0.79},
		"too few evaluations":  {4, []float64{0.9, 0.9, 0.9}, nil, []int{1, 1, 1}, 0},
	} {
		s := told(t, c.accuracies, append(sustained(c.over), "train.goals=[0.8, 0.2, 0.5]")...)
		if got := reachedAt(s.Crossings); !slices.Equal(got, c.sustained) {
			t.Errorf("%s: sustained after evaluations %v, want %v", name, got, c.sustained)
		}
		if got := reachedAt(s.FirstCrossings); !slices.Equal(got, c.first) {
			t.Errorf("%s: first after evaluations %v, want %v", name, got, c.first)
		}
		if best := s.BestGoalAccuracy(); (best == nil) != (c.best == 0) || best != nil && *best != c.best && (*best-c.best)*(*best-c.best) > 1e-30 {
			t.Errorf("%s: best mean %v, want %v", name, best, c.best)
		}
		if len(s.Operations.Training.ToGoals) != len(s.Crossings) {
			t.Errorf("%s: operations to %d goals, want those of the %d that were reached", name, len(s.Operations.Training.ToGoals), len(s.Crossings))
		}
		for _, x := range s.Crossings {
			var mean float64
			for _, accuracy := range c.accuracies[x.Steps-c.over : x.Steps] {
				mean += accuracy / float64(c.over)
			}
			if x.SustainedAccuracy == nil || (*x.SustainedAccuracy-mean)*(*x.SustainedAccuracy-mean) > 1e-30 || *x.SustainedAccuracy < x.Accuracy || x.TestAccuracy != c.accuracies[x.Steps-1] || x.Samples != 8*x.Steps {
				t.Errorf("%s: %+v, want a mean of %v and the numbers of evaluation %d", name, x, mean, x.Steps)
			}
		}
	}
}

// Where a goal is reached by the first evaluation, nothing is said of means.
func TestFirstCrossingsSayNoMore(t *testing.T) {
	accuracies := []float64{0.1, 0.6, 0.4, 0.9}
	plain, one := told(t, accuracies), told(t, accuracies, sustained(1)...)
	text, err := json.Marshal(plain)
	if err != nil || plain.Sustained != nil || strings.Contains(string(text), "sustain") || strings.Contains(string(text), "first_crossings") {
		t.Errorf("%s, error %v", text, err)
	}
	if diff := cmp.Diff(plain.Crossings, one.FirstCrossings); diff != "" {
		t.Errorf("first crossings beside the mean of one (-without, +beside):\n%s", diff)
	}
	for i := range one.Crossings {
		one.Crossings[i].SustainedAccuracy = nil
	}
	if diff := cmp.Diff(plain.Crossings, one.Crossings); diff != "" {
		t.Errorf("crossings of the mean of one (-first, +sustained):\n%s", diff)
	}
	none := told(t, nil, sustained(3)...)
	if text, err := json.Marshal(none); err != nil || !strings.Contains(string(text), `"sustain":3,"best_sustained_accuracy":null,"first_crossings":[]`) {
		t.Errorf("%s, error %v", text, err)
	}
}

// meanOf returns the mean accuracy for goals of the last evaluations up to the i-th, in the
// order in which it is rounded; nil: there were fewer.
func meanOf(metrics []*rundir.Metrics, i, over, examples int) *float64 {
	if i+1 < over {
		return nil
	}
	right := 0.0
	for _, m := range metrics[i+1-over : i+1] {
		right += float64(int(*m.GoalAccuracy()*float64(examples) + 0.5))
	}
	mean := right / float64(over*examples)
	return &mean
}

// Sustained goals, and the end of a run at one, look at the examples held out, or at the test
// set where there are none; a GPU's runs do the same.
func TestSustainedGoalsOfRuns(t *testing.T) {
	testdevice.Use(t)
	const over = 4
	for _, c := range []struct {
		settings []string
		examples int
	}{
		{[]string{"data.validation=30"}, 30},
		{[]string{"data.validation=0"}, 50},
		{[]string{"data.validation=30", "engine.device=gpu"}, 30},
	} {
		settings := append(sustained(over), append(c.settings, "train.eval_every=1", manyGoals)...)
		_, s, metrics := keptRun(t, settings...)
		later := 0
		for k, x := range s.Crossings {
			at := slices.IndexFunc(metrics, func(m *rundir.Metrics) bool {
				mean := meanOf(metrics, m.Step-1, over, c.examples)
				return mean != nil && *mean >= x.Accuracy
			})
			if at < 0 || x.Steps != metrics[at].Step || *x.SustainedAccuracy != *meanOf(metrics, at, over, c.examples) || x.M0 != metrics[at].M0 || x.TestAccuracy != *metrics[at].TestAccuracy {
				t.Errorf("%v, goal %v: %+v, want what was found at evaluation %d", c.settings, x.Accuracy, x, at)
			}
			if x.Steps > s.FirstCrossings[k].Steps {
				later++
			}
		}
		if later < 2 || len(s.FirstCrossings) < len(s.Crossings) {
			t.Fatalf("%v: %d sustained crossings, %d of them later than the first: the test does not test what it should", c.settings, len(s.Crossings), later)
		}
		_, first, _ := keptRun(t, append(c.settings, "train.eval_every=1", manyGoals)...)
		if diff := cmp.Diff(first.Crossings, s.FirstCrossings); diff != "" {
			t.Errorf("%v: first crossings beside sustained ones differ from those of a run without (-want +got):\n%s", c.settings, diff)
		}
		last := s.Crossings[len(s.Crossings)-1]
		_, ended, _ := keptRun(t, append(settings, fmt.Sprint("train.stop_at=", last.Accuracy))...)
		if ended.Status != rundir.StatusReachedGoal || ended.Steps != last.Steps {
			t.Errorf("%v, stop_at %v: %s at step %d, want the goal at %d", c.settings, last.Accuracy, ended.Status, ended.Steps, last.Steps)
		}
	}
}

// keepSaved keeps the states that a run saves, as a run directory would.
type keepSaved struct {
	NopHook
	states []*Saved
}

// Save implements Hook.
func (k *keepSaved) Save(_ *Run, s *Saved) error {
	k.states = append(k.states, s)
	return nil
}

// A run that goes on in the middle of a window remembers the accuracies before: it reaches
// and reports the same goals as one that was not stopped.
func TestResumedWindows(t *testing.T) {
	settings := append(sustained(5), heldOut, "train.eval_every=1", manyGoals, "checkpoint.every_steps=1", "checkpoint.every_s=0", "train.epochs=3")
	results := func(s *rundir.Summary) string {
		text, err := json.Marshal([]any{s.Status, s.Steps, s.Sustained, s.Validated, s.Crossings, s.Operations.Training.ToGoals})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, stop := range []string{"train.stop_at=0", "train.stop_at=0.5"} {
		whole, kept := begin(t, load(t, tiny, append(settings, stop)...)), &keepSaved{}
		want, err := whole.Train(context.Background(), kept)
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Crossings) == 0 || len(kept.states) < 6 {
			t.Fatalf("%d crossings, %d states: the test does not test what it should", len(want.Crossings), len(kept.states))
		}
		for _, saved := range kept.states {
			r := begin(t, load(t, tiny, append(settings, stop)...))
			r.from = saved
			got, err := r.Train(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if results(got) != results(want) {
				t.Errorf("%s, from step %d:\n%s\nin one go\n%s", stop, saved.Step, results(got), results(want))
			}
		}
	}
}

// What has no accuracy has no mean of it.
func TestSustainedNeedsAccuracies(t *testing.T) {
	for text, want := range map[string]string{
		"data: {name: teacher, inputs: 20}\nmodel: {loss: mse}\ntrain: {crossing: sustained}\n":                                    "train.crossing: sustained is a mean of accuracies, and real-valued targets have none; set first",
		"data: {name: mixture, inputs: 9, train: 50, test: 50, validation: 5}\nmodel: {kind: rbm}\ntrain: {crossing: sustained}\n": "train.crossing: sustained is a mean of accuracies, and a Boltzmann machine gives no answers",
	} {
		r, err := New(load(t, text))
		if err == nil {
			r.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}
