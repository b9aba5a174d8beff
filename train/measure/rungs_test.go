package measure_test

import (
	"math"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/train/measure"
)

// Work and rates are sums over steps and layers, and the work of other steps is unknown.
func TestWork(t *testing.T) {
	w := new(measure.Work)
	w.Add([]masks.Change{{Work: 2}, {Work: 0.5}}, 0.25)
	w.Add([]masks.Change{{Work: -1}, {Work: 0}}, 0.125)
	if got := w.Report(2); *got.Dissipated != 1.5 || got.TauRatio != 2 {
		t.Errorf("work %v in %d steps, want 1.5 in 2", *got.Dissipated, got.TauRatio)
	}
	if why := w.Unknown(2); why != "" {
		t.Errorf("the work of all steps is unknown because %q", why)
	}
	if w.Rates() != 0.375 {
		t.Errorf("rates add up to %v, want .375", w.Rates())
	}
	w.Add([]masks.Change{{Work: math.Inf(1)}}, 1)
	if w.Report(3).Dissipated != nil {
		t.Error("infinite work is a number")
	}
	for steps, why := range map[int]string{4: "GPU", 2: "diverged", 3: "finite"} {
		if got := w.Unknown(steps); !strings.Contains(got, why) || steps != 3 && w.Report(steps) != nil {
			t.Errorf("the work of %d of three steps is unknown because %q, want %q", steps, got, why)
		}
	}
}

// Information of answers that are right, of no use, and half right, in nats.
func TestInformation(t *testing.T) {
	for name, c := range map[string]struct {
		given [][2]int // label, answer
		nats  float64
	}{
		"right":          {[][2]int{{0, 0}, {1, 1}, {2, 2}}, math.Log(3)},
		"permuted":       {[][2]int{{0, 1}, {1, 2}, {2, 0}}, math.Log(3)},
		"always same":    {[][2]int{{0, 1}, {1, 1}, {2, 1}, {2, 1}}, 0},
		"independent":    {[][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, 0},
		"one is erased":  {[][2]int{{0, 0}, {0, -1}, {1, 1}, {1, -1}}, math.Ln2 / 2},
		"three quarters": {[][2]int{{0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 0}}, math.Ln2 + 0.75*math.Log(0.75) + 0.25*math.Log(0.25)},
	} {
		a := measure.NewAnswers(3)
		a.Count(2, 0)
		a.Reset()
		for _, pair := range c.given {
			a.Count(pair[0], pair[1])
		}
		if got, ok := a.Information(); !ok || math.Abs(got-c.nats) > 1e-15 {
			t.Errorf("%s: %v nats, want %v", name, got, c.nats)
		}
	}
	if _, ok := measure.NewAnswers(3).Information(); ok {
		t.Error("information of no answers")
	}
	none := measure.NewAnswers(0)
	none.Reset()
	none.Count(1, 1)
	if _, ok := none.Information(); ok {
		t.Error("information about no labels")
	}
}
