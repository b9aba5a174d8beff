package train

import (
	"errors"
	"math"
	"strings"
	"testing"

	"ergon/internal/schema"
)

// The rate of a run that follows its loss is that of the definition, computed from the losses of
// all presentations, learned from or not; η in its account is the same.
func TestScheduleFollowsTheLoss(t *testing.T) {
	for _, gate := range []string{"none", "lazy"} {
		r := begin(t, load(t, tiny, "train.batch=3", "rule.gate="+gate, "rule.optimizer={kind: sgd, lr: 0.5, half: 9, schedule: {kind: error, floor: 0.05, span: 20}}"))
		sum, weight, since, waiting, shut := 0.0, 0.0, 0.0, 0, 0
		for range 40 {
			open, before := r.OpenSteps, r.Samples
			if err := r.Step(); err != nil {
				t.Fatal(err)
			}
			shown := r.Samples - before // the last batch of an epoch is shorter
			since, waiting = since+float64(shown)*r.Loss, waiting+shown
			if r.OpenSteps == open {
				shut++
				continue
			}
			n := float64(waiting)
			sum, weight = (20*sum+since)/(20+n), (20*weight+n)/(20+n)
			since, waiting = 0, 0
			want := 0.5 / (1 + float64(r.OpenSteps)/9) * max(0, 1-0.05/(sum/weight)) // of the next step, by this loss
			if got, ok := r.learningRate(); !ok || math.Abs(got-want) > 1e-12 {
				t.Errorf("gate %s, step %d: rate %.15g, want %.15g", gate, r.Steps, got, want)
			}
		}
		if (shut > 0) != (gate == "lazy") {
			t.Errorf("gate %s: %d steps were shut", gate, shut)
		}
	}
}

// Where no loss is an error, the schedule is refused by name.
func TestScheduleIsRefused(t *testing.T) {
	_, err := New(load(t, tiny, "model=rbm", "rule.optimizer.schedule=error"))
	if refused := (*schema.Error)(nil); !errors.As(err, &refused) || refused.Path != "rule.optimizer.schedule" || !strings.Contains(err.Error(), "Boltzmann machine") {
		t.Errorf("error %v", err)
	}
}

// A floor above the loss trains nothing, and the summary says so.
func TestScheduleAtItsFloor(t *testing.T) {
	for _, c := range []struct {
		floor string
		still bool
	}{{"100", true}, {"0.001", false}} {
		s, _ := record(t, load(t, tiny, "train.max_steps=20", "rule.optimizer={kind: sgd, schedule: {kind: error, floor: "+c.floor+"}}"))
		if s.LearningRate == nil || (*s.LearningRate == 0) != c.still || (s.Energy.M0 == 0) != c.still {
			t.Errorf("floor %s: rate %v at the end, M0 %d", c.floor, s.LearningRate, s.Energy.M0)
		}
	}
}
