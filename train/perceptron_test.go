package train

import (
	"fmt"
	"math"
	"testing"

	"ergon/train/rundir"
)

// perceptron trains a perceptron of n inputs on p random patterns.
func perceptron(t *testing.T, n, p int, settings ...string) *rundir.Summary {
	t.Helper()
	settings = append(settings, fmt.Sprintf("data.inputs=%d", n), fmt.Sprintf("data.examples=%d", p), "seed=1")
	s, _ := record(t, preset(t, "li2020_perceptron", settings...))
	if s.Status != rundir.StatusReachedGoal {
		t.Fatalf("N = %d, P = %d: %s", n, p, s.Status)
	}
	return s
}

// checkTheory compares a run with eq. 3 of Li & van Rossum 2020: updates
// K = 2P/(2-P/N)² and M/Mmin = √(πP)/(2-P/N). The walk of the
// weights is not quite random: according to the authors their variance is about a fifth
// less, so that M/Mmin exceeds the formula, by up to 1.4 in independent runs.
func checkTheory(t *testing.T, n, p int) {
	t.Helper()
	s := perceptron(t, n, p)
	load := 2 - float64(p)/float64(n)
	updates, inefficiency := 2*float64(p)/(load*load), math.Sqrt(math.Pi*float64(p))/load
	e := s.Energy
	t.Logf("P = %d: K = %d (theory %.0f), M/Mmin = %.1f (theory %.1f)", p, s.Updates, updates, *e.M1Inefficiency, inefficiency)
	if e.M0 != int64(n*s.Updates) || e.M1 != float64(e.M0) {
		t.Errorf("P = %d: M0 = %d, M1 = %v, want N·K = %d·%d", p, e.M0, e.M1, n, s.Updates)
	}
	if k := float64(s.Updates) / updates; k < 0.7 || k > 1.3 {
		t.Errorf("P = %d: K = %d, theory %.0f ± 30 %%", p, s.Updates, updates)
	}
	if ratio := *e.M1Inefficiency / inefficiency; ratio < 1 || ratio > 1.45 {
		t.Errorf("P = %d: M/Mmin = %.1f, want 1 to 1.45 times the theory's %.1f", p, *e.M1Inefficiency, inefficiency)
	}
}

func TestPerceptronTheory(t *testing.T) {
	for _, p := range []int{200, 500, 1000} {
		checkTheory(t, 1000, p)
	}
}

// Caching with θ = 0 costs as much as the plain rule, with θ = ∞ Mmin. With a cost c of
// transient changes the best threshold is in between; theory gives its price as
// √((2π/3)(1+cT)) Mmin, for a run of T presentations.
func TestPerceptronCaching(t *testing.T) {
	const n, p, cost = 300, 300, 0.01
	plain := perceptron(t, n, p)
	cached := func(theta float64, cost float64) *rundir.Summary {
		return perceptron(t, n, p, fmt.Sprintf("rule.cache={kind: synaptic, theta: %s, tau: .inf, cost: %v, variant: neuron}", yaml(theta), cost))
	}
	zero, ideal := cached(0, 0), cached(math.Inf(1), 0)
	if *zero.Energy.M1Paid != plain.Energy.M1 || zero.Updates != plain.Updates {
		t.Errorf("θ = 0: paid %v in %d updates, the plain rule %v in %d", *zero.Energy.M1Paid, zero.Updates, plain.Energy.M1, plain.Updates)
	}
	if *ideal.Energy.M1Paid != *plain.Energy.M1Min || ideal.Updates != plain.Updates {
		t.Errorf("θ = ∞: paid %v in %d updates, Mmin is %v in %d", *ideal.Energy.M1Paid, ideal.Updates, *plain.Energy.M1Min, plain.Updates)
	}
	best, at := math.Inf(1), 0.0
	thetas := []float64{1, 2, 5, 10, 20, 40}
	for _, theta := range thetas {
		s := cached(theta, cost)
		ratio := *s.Energy.Cache.Inefficiency
		t.Logf("θ = %v: %.1f Mmin", theta, ratio)
		if ratio < best {
			best, at = ratio, theta
		}
	}
	theory := math.Sqrt(2 * math.Pi / 3 * (1 + cost*float64(plain.Samples)))
	t.Logf("best θ = %v: %.1f Mmin, theory %.1f, no cache %.1f", at, best, theory, *plain.Energy.M1Inefficiency)
	if at < 2 || at > 20 || best < theory || best > 1.6*theory || best > *plain.Energy.M1Inefficiency/1.3 {
		t.Errorf("best θ = %v at %.1f Mmin, want θ in 2 … 20 at 1 to 1.6 times %.1f", at, best, theory)
	}
}

func yaml(x float64) string {
	if math.IsInf(x, 1) {
		return ".inf"
	}
	return fmt.Sprint(x)
}

// An output of exactly zero is right for neither class: a perceptron that has
// learned nothing knows nothing.
func TestZeroOutputIsNoAnswer(t *testing.T) {
	r := begin(t, preset(t, "li2020_perceptron", "data.examples=50"))
	e, err := r.evaluator.evaluate(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if *e.Accuracy != 0 {
		t.Errorf("zero weights know %v of the patterns", *e.Accuracy)
	}
	for want, y := range map[int][]float32{-1: {0}, 0: {-0.1}, 1: {2}, 2: {0, -1, 3}} {
		if got := class(y); got != want {
			t.Errorf("outputs %v are of class %d, want %d", y, got, want)
		}
	}
}
