package rules

import (
	"math"
	"strings"
	"testing"

	"ergon/internal/state"
	"ergon/masks"
)

// follow returns an optimizer of rate 1 whose schedule is by error.
func follow(t *testing.T, floor, span float64) *scheduled {
	t.Helper()
	o, err := (&SGD{LearningRate: 1, Schedule: &ByError{Floor: floor, Span: span}}).New(masks.Network{}, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	return o.(*scheduled)
}

// rateAfter makes a step with the mean loss of n presentations and returns its rate.
func rateAfter(t *testing.T, o *scheduled, loss float64, n int) float64 {
	t.Helper()
	if err := o.Watch(&masks.Step{Presentation: masks.Presentation{Loss: loss, Presented: n}}); err != nil {
		t.Fatal(err)
	}
	o.Begin()
	return -float64(o.Factor())
}

// The rate is η(e) = e/(e+s²) of the loss v/2 = (e+s²)/2 at the floor s²/2, as the theory called
// protocol has it.
func TestScheduleIsTheCheapestRate(t *testing.T) {
	for _, c := range [][2]float64{{1, 0.5}, {0.05, 0.5}, {2, 0.1}} {
		e, s := c[0], c[1]
		o := follow(t, s*s/2, 10)
		want := e / (e + s*s)
		if got := rateAfter(t, o, (e+s*s)/2, 1); math.Abs(got-want) > 1e-7 {
			t.Errorf("e = %g, s = %g: rate %.8f, want %.8f", e, s, got, want)
		}
	}
}

// The mean is that of weights which fall by span/(span+1) a presentation, from the first on, and n
// presentations weigh as one step of n.
func TestScheduleAverages(t *testing.T) {
	o, losses := follow(t, 0.2, 7), []float64{1, 3, 0.5, 2, 2, 0.7}
	for k := range losses {
		got := rateAfter(t, o, losses[k], 1)
		sum, weights := 0.0, 0.0
		for j, loss := range losses[:k+1] {
			w := math.Pow(7./8, float64(k-j))
			sum, weights = sum+w*loss, weights+w
		}
		if want := 1 - 0.2/(sum/weights); math.Abs(got-want) > 1e-7 {
			t.Errorf("after %d losses the rate is %.8f, want %.8f", k+1, got, want)
		}
	}
	if got, want := rateAfter(t, follow(t, 0.2, 7), 2, 1000), 0.9; math.Abs(got-want) > 1e-7 {
		t.Errorf("a thousand presentations of the loss 2: rate %g, want %g", got, want)
	}
	for _, loss := range []float64{0, 0.1, 0.2} {
		if got := rateAfter(t, follow(t, 0.2, 7), loss, 1); got != 0 {
			t.Errorf("loss %g at the floor 0.2: rate %g, want 0", loss, got)
		}
	}
}

// A step that is revoked is not counted, and what was seen stays seen.
func TestScheduleIsRevoked(t *testing.T) {
	a, b := follow(t, 0.1, 5), follow(t, 0.1, 5)
	a.Half, b.Half = 2, 2
	rateAfter(t, a, 1, 1)
	a.Revoke()
	b.follower.See(1, 1)
	if got, want := rateAfter(t, a, 0.3, 1), rateAfter(t, b, 0.3, 1); got != want {
		t.Errorf("rate %g after a step that was revoked, want %g", got, want)
	}
}

func TestScheduleNeedsALoss(t *testing.T) {
	if err := follow(t, 0.1, 5).Watch(new(masks.Step)); err == nil || !strings.Contains(err.Error(), "the loss of the step is not known") {
		t.Errorf("error %v of a step without a loss", err)
	}
	_, err := (&SGD{Schedule: &ByError{Floor: 1, Span: 1}}).New(masks.Network{Generative: true}, 0, "")
	if err == nil || !strings.Contains(err.Error(), "schedule: error follows the error of answers, and a Boltzmann machine gives none") {
		t.Errorf("error %v of a Boltzmann machine", err)
	}
}

// A plain sgd is the one that it was, and goes on from snapshots of before.
func TestNoScheduleRemembersNothing(t *testing.T) {
	for _, schedule := range []masks.Schedule{nil, masks.NoSchedule{}} {
		o, err := (&SGD{LearningRate: 1, Schedule: schedule}).New(masks.Network{}, 0, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := o.(masks.Following); ok {
			t.Error("it follows the loss")
		}
		saved, err := state.Save(o)
		if err != nil || len(saved.Values) != 1 {
			t.Errorf("it remembers %v, %v, want steps alone", saved.Values, err)
		}
	}
}
