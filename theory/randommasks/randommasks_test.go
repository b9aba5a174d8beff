package randommasks

import (
	"context"
	"math"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// columns of the table.
const (
	eta = iota + 1
	presentations
	tau
	saving
	law
)

// τ to ε = .02 of two erf units that learn one, σ = .2, as an independent program found it,
// whose times are rounded up to its steps.
func TestReference(t *testing.T) {
	r := theorytest.Predict(t, "random-masks", "p=[1,0.5,0.2,0.05]")
	for i, want := range []float64{4.22, 3.18, 2.56, 2.28} {
		theorytest.NearAbsolute(t, "tau", r.Rows[i][tau], want, 0.021)
		theorytest.Near(t, "t", r.Rows[i][presentations]*r.Rows[i][0], r.Rows[i][tau], 1e-12)
		theorytest.Near(t, "saving", r.Rows[i][saving], r.Rows[i][law], 0.03)
	}
}

// Linear units obey the law, for any K, and one unit saves nothing.
func TestLaw(t *testing.T) {
	for _, settings := range []string{"k=3 v=1", "k=4 v=0.5"} {
		r := theorytest.Predict(t, "random-masks", settings[:3], settings[4:], "activation=linear", "p=[1,0.1]", "eps=0.05", "sigma=0.4")
		for _, row := range r.Rows {
			theorytest.Near(t, settings+": saving", row[saving], row[law], 1e-4)
		}
		f := 1 / r.Rows[1][law]
		theorytest.Near(t, settings+": rate", r.Rows[1][eta]*f, r.Rows[0][eta], 2e-3)
	}
	if r := theorytest.Predict(t, "random-masks", "k=1", "p=[1,0.2]"); math.Abs(r.Rows[1][saving]-1) > 1e-6 {
		t.Errorf("one erf unit saves %g", r.Rows[1][saving])
	}
}

// A linear unit at a constant rate, from e = 1: e∞ + (1-e∞)·e^{-η(2-η)τ}, e = 2ε.
func TestFollow(t *testing.T) {
	r := theorytest.New[*RandomMasks](t, "random-masks", "k=1", "activation=linear", "sigma=0.3", "eps=0.1")
	const rate = 0.6
	floor := rate * 0.09 / (2 - rate)
	want := math.Log((1-floor)/(0.2-floor)) / (rate * (2 - rate))
	got := r.follow(0.5, rate, mostClock)
	theorytest.Near(t, "tau", got.clock, want, 1e-5)
	theorytest.Near(t, "dε/dτ", got.slope, -rate*(2-rate)*(0.2-floor)/2, 2e-2)
}

// Simulations at the best rate agree, and refuse a p that is wrong by a tenth.
func TestSimulation(t *testing.T) {
	r := theorytest.New[*RandomMasks](t, "random-masks", "p=0.2", "n=400", "simulate=16", "mask=row")
	result := theorytest.PredictionOf(t, r)
	if p := *result.Scalars["p_value"]; !(p > 0.02) {
		t.Errorf("p_value %.3g", p)
	}
	for _, wrong := range []float64{0.9, 1.1} {
		w := r.follow(0.2, result.Rows[0][eta], mostClock)
		w.p *= wrong // of the simulation, which takes as many presentations
		w.clock *= wrong
		measured, err := r.simulate(context.Background(), []way{w})
		if err != nil {
			t.Fatal(err)
		}
		if z := theory.EstimateMean(measured[0]).Z(w.clock); math.Abs(z) < 4 {
			t.Errorf("z %.2f where p is wrong by the factor %g", z, wrong)
		}
	}
}

func TestRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"p=[]":              "p: no probability is given",
		"p=[1,0]":           "is outside (0,1]",
		"k=17":              "k: 17 is outside [1,16]",
		"mask=column":       `"column" is not one of element, row`,
		"activation=relu":   `"relu" is not one of erf, linear`,
		"p=1e-6 simulate=1": "p: 1e-06 may take 1e+11 presentations",
	} {
		theorytest.Refused(t, "random-masks", settings, want)
	}
	r := theorytest.New[*RandomMasks](t, "random-masks", "eps=1e-4", "sigma=5", "p=1")
	if _, err := r.Predict(context.Background()); err == nil {
		t.Error("a goal below what any rate reaches in time is reached")
	}
}

func TestConforms(t *testing.T) {
	theorytest.Conform(t, "random-masks", "n=50", "simulate=3", "p=0.5", "eps=0.05")
}
