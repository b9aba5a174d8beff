package vonmisesfisher

import (
	"math"
	"slices"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// U, S and T of the closed forms against sums over the sphere, and dU/dS = T.
func TestExact(t *testing.T) {
	for _, temperature := range []float64{0.003, 0.05, 0.7, 20} {
		const n = 400_000
		var z, u, uu float64
		for i := range n {
			c := (float64(i) + 0.5) / n * min(2, 60*temperature) // U from 0
			weight := math.Exp(-c/temperature) * min(2, 60*temperature) / n
			z, u, uu = z+weight, u+weight*c, uu+weight
		}
		u /= z
		theorytest.Near(t, "U", energy(temperature), u, 1e-6)
		theorytest.NearAbsolute(t, "S", entropyOf(temperature), math.Log(2*math.Pi*z)+u/temperature, 1e-6)
		h := temperature * 1e-4
		theorytest.Near(t, "dU/dS", (energy(temperature+h)-energy(temperature-h))/(entropyOf(temperature+h)-entropyOf(temperature-h)), temperature, 1e-4)
	}
	// Published for the three dimensions, σ = 1: U exact at η = 0.01 and 0.1, S at 0.001, 0.01, 0.1.
	theorytest.NearAbsolute(t, "U(0.01)", energy(0.005), 0.005, 1e-6)
	for rate, want := range map[float64]float64{0.001: -4.763, 0.01: -2.460, 0.1: -0.158} {
		theorytest.NearAbsolute(t, "S", entropyOf(rate/2), want, 0.0006)
	}
}

// The estimators recover what is known: U, S by both, T(η) = ησ²/2, and F is a valley whose minimum is at the
// rate that owns T, at six of nine temperatures or more.
func TestEstimatorsOnTheBath(t *testing.T) {
	b := theorytest.New[*Bath](t, "vmf", "eta=0.01", "points=4", "ratio=1.5", "simulate=12", "times=2400")
	r := theorytest.PredictionOf(t, b)
	at := func(row []float64, column string) float64 { return row[slices.Index(r.Columns, column)] }
	for _, row := range r.Rows {
		rate := at(row, "eta")
		// A step's finite size adds η/2 to U, relative, and to S. Four standard errors beside.
		if u, want := at(row, "u_simulated"), at(row, "u")*(1+rate/2); math.Abs(u-want) > 4*at(row, "u_simulated_error")+0.02*rate {
			t.Errorf("η = %g: U = %g, want %g", rate, u, want)
		}
		if s, want := at(row, "entropy_simulated"), at(row, "entropy")+rate/2; math.Abs(s-want) > 0.05 {
			t.Errorf("η = %g: S = %.3f, want %.3f to 0.05", rate, s, want)
		}
	}
	theorytest.NearScalar(t, r, "exponent", 1, 0.05)
	theorytest.NearScalar(t, r, "prefactor_linear", 0.5, 0.1)
	if *r.Scalars["costa_hero_deviation"] > 0.05 {
		t.Errorf("Costa and Hero's constant varies by %.3f over the rates, want 0.05 at most", *r.Scalars["costa_hero_deviation"])
	}
	if *r.Scalars["valleys"] < 6 {
		t.Errorf("F is a valley with its minimum at its own rate at %g temperatures, want 6 or more", *r.Scalars["valleys"])
	}
}

// A bath of twice the noise has four times the temperature, which the estimators must see.
func TestNoiseIsSeen(t *testing.T) {
	r := theorytest.Predict(t, "vmf", "eta=0.01", "sigma=0.5", "points=3", "ratio=1.6", "simulate=8", "times=800")
	theorytest.NearScalar(t, r, "prefactor_exact", 0.125, 1e-12)
	if law := *r.Scalars["prefactor_linear"]; math.Abs(law-0.125) > 0.02 {
		t.Errorf("T = %.3g·η, want 0.125·η to 0.02", law)
	}
}

func TestBathConforms(t *testing.T) {
	theorytest.Conform(t, "vmf", "eta=0.1", "points=2", "simulate=3", "times=120")
}

// What cannot be computed is an error that names the setting.
func TestBathRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"eta=1":             "eta: 1 is outside (0,0.5]",
		"eta=1e-9":          "eta: a walker at the lowest rate",
		"k=40 times=120":    "k: 40 neighbours of each of times/4 = 30 iterates; give fewer, or more times",
		"sigma=1e-9":        "sigma: T is 8.84e-22 at the lowest rate 0.00177",
		"kappa=3":           "unknown",
		"ratio=1":           "ratio: 1 is outside (1,10]",
		"points=0 eta=0.01": "points: 0 is outside [1,100]",
	} {
		theorytest.Refused(t, "vmf", settings, want)
	}
	var _ theory.Drawer = (*Bath)(nil)
}
