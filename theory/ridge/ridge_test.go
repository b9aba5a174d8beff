package ridge

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// ridge returns the theory with settings and its defaults.
func ridge(t *testing.T, settings ...string) *Ridge {
	t.Helper()
	return theorytest.New[*Ridge](t, "ridge", settings...)
}

// moments returns the trajectory of the moments.
func moments(t *testing.T, r *Ridge) *trajectory {
	t.Helper()
	c, _, err := r.moments(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The curves at α = 3, λ = 0.5, η = 0.1, m0 = 0.2, R = 1, as an independent program
// found them and checked them against simulations of d = 600.
func TestRidgeReference(t *testing.T) {
	times := []int{1, 2, 3, 5, 10, 20, 40}
	for p, want := range map[string]struct{ m, e []float64 }{
		"p=1": {
			[]float64{.4300, .5555, .63078, .71226, .78243, .80890, .81362},
			[]float64{.79660, .47762, .32062, .17625, .07655, .04856, .04465},
		},
		"p=0.5": {
			[]float64{.3150, .40388, .47341, .57254, .69832, .77780, .80805},
			[]float64{1.2183, .93306, .73302, .48089, .21554, .08533, .04947},
		},
	} {
		c := moments(t, ridge(t, p))
		theorytest.NearAbsolute(t, p+": m(0)", c.overlap[0], 0.2, 1e-15)
		theorytest.NearAbsolute(t, p+": e(0)", c.distance[0], 1.64, 1e-15)
		for i, at := range times {
			theorytest.NearAbsolute(t, p+": m", c.overlap[at], want.m[i], 5.1e-6)
			theorytest.NearAbsolute(t, p+": e", c.distance[at], want.e[i], 5.1e-6)
		}
	}
}

// The simulations published with the code of a dynamical mean-field theory for the
// same regression; its plateau scatters by 0.0042.
func TestRidgePublishedSimulation(t *testing.T) {
	r := ridge(t)
	c := moments(t, r)
	for at, m := range map[int]float64{0: .1992, 1: .4281, 2: .5534, 3: .6288, 4: .6774, 9: .7738, 19: .8073} {
		theorytest.NearAbsolute(t, "m", c.overlap[at], m, 0.0042)
	}
	m, _ := r.Stationary()
	theorytest.NearAbsolute(t, "plateau", m, .8133, 0.0042)
	theorytest.NearAbsolute(t, "m_inf", m, .81386, 5e-6)
}

// What the mode solution says of the start is what the settings say of it, and where
// it ends is what closed forms say, whatever p is, and λ or not.
func TestRidgeBeginsAndEnds(t *testing.T) {
	for _, settings := range []string{
		"alpha=3 s=0.7 m0=-0.3 r=0.4", "alpha=3 s=0.7 p=0.4 eta=0.3", "alpha=0.4 s=0.6 p=0.5 eta=0.5 lambda=0.2",
		"alpha=1 lambda=0.3 p=0.7 s=0.2 eta=0.3", "alpha=0.3 lambda=0 p=0.5 eta=0.8 s=0.3", "alpha=3 lambda=0 s=0.4 eta=0.2 p=0.8",
	} {
		r := ridge(t, append(strings.Fields(settings), "steps=600")...)
		c := moments(t, r)
		away := (1-r.Overlap)*(1-r.Overlap) + r.Spread
		theorytest.Near(t, settings+": e(0)", c.distance[0], away, 1e-13)
		theorytest.Near(t, settings+": c(0)", c.norm[0], r.Overlap*r.Overlap+r.Spread, 1e-13)
		theorytest.Near(t, settings+": test_loss(0)", c.test[0], (away+r.Noise*r.Noise)/2, 1e-13)
		theorytest.Near(t, settings+": train_loss(0)", c.training[0], (away+r.Noise*r.Noise)/2, 1e-13)
		m, e := r.Stationary()
		theorytest.Near(t, settings+": m(∞)", c.overlap[r.Steps], m, 1e-9)
		theorytest.Near(t, settings+": e(∞)", c.distance[r.Steps], e, 1e-9)
	}
	if _, e := ridge(t, "alpha=1", "lambda=0", "s=0.1").Stationary(); !math.IsInf(e, 1) {
		t.Errorf("α = 1, λ = 0: e(∞) = %v with noise, want infinity", e)
	}
}

// In one step all weights move by η|G|, Gaussian: M1 is M1min, and with one step's
// mask both are the part p of that.
func TestRidgeFirstStep(t *testing.T) {
	for _, p := range []string{"p=1", "p=0.3"} {
		r := ridge(t, p, "steps=1", "s=0.5")
		c, err := r.predict(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		// ⟨G²⟩ of G = (H+λ)w - Hw* - s·u by the moments of H, ⟨x⟩ = α, ⟨x²⟩ = α² + α.
		a, l, k := r.Alpha, r.Lambda, 1-r.Overlap
		square := (a*a+a)*(k*k+1) + 2*a*l*(1-r.Overlap*k) + l*l*(r.Overlap*r.Overlap+1) + 0.25*a
		theorytest.Near(t, p+": dissipation", c.dissipation[0], r.P*r.LearningRate*square, 1e-13)
		theorytest.Near(t, p+": m1", c.m1[0], r.P*r.LearningRate*math.Sqrt(2/math.Pi*square), 1e-13)
		theorytest.Near(t, p+": m1_min", c.displacement[1], c.m1[0], 1e-13)
		theorytest.Near(t, p+": m0", c.m0[0], r.P, 0)
	}
}

// Where the theory says that trajectories grow they do, and nowhere else: 15 % around η_c
// at p = 0.5, and at rates that a full step does not bear.
func TestRidgeStabilitySimulated(t *testing.T) {
	limit := ridge(t, "p=0.5").Stability()
	for _, c := range []struct {
		p, eta float64
		grows  bool
	}{{0.5, 1.15 * limit, true}, {0.5, 0.85 * limit, false}, {0.25, 0.62, true}, {0.25, 0.50, false}} {
		r := ridge(t)
		r.P, r.LearningRate, r.Steps, r.D, r.Simulate = c.p, c.eta, 90, 200, 4
		if r.LearningRate <= ridge(t).Stability() {
			t.Fatalf("η = %g would do for full steps", r.LearningRate)
		}
		trajectories, err := r.simulate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		early, late := 0.0, 0.0
		for _, trajectory := range trajectories {
			for i := range 20 {
				early += trajectory.dissipation[20+i]
				late += trajectory.dissipation[70+i]
			}
		}
		if (late > early) != c.grows {
			t.Errorf("p %g, η %.4g: dissipation goes from %.3g to %.3g, grows should be %v", c.p, c.eta, early, late, c.grows)
		}
	}
}

// Simulations agree, at all columns and steps: full steps, masks, fewer examples than
// inputs, noisy labels, no penalty.
func TestRidgeSimulation(t *testing.T) {
	for _, settings := range []string{
		"p=1 steps=20", "p=0.5 steps=20", "p=0.25 eta=0.4 steps=12 s=0.5", "alpha=0.5 s=0.5 p=0.5 eta=0.4 steps=12 lambda=0",
	} {
		r := theorytest.Predict(t, "ridge", append(strings.Fields(settings), "d=200", "simulate=16")...)
		if p := *r.Scalars["p_value"]; !(p > 0.02) {
			t.Errorf("%s: p_value %.3g, worst z %.2f", settings, p, *r.Scalars["worst_z"])
		}
	}
}

// A prediction whose p is wrong by a tenth is found out, by m, by e and by M1 alone.
func TestRidgeWrongTheory(t *testing.T) {
	right := ridge(t, "p=0.5", "steps=12", "d=300", "simulate=24")
	simulated, err := right.simulate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []float64{0.45, 0.55} {
		wrong := *right
		wrong.P = p
		predicted, err := wrong.predict(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range predicted.withSimulations(simulated) {
			if c.Name != "m" && c.Name != "e" && c.Name != "m1_total" {
				continue
			}
			if chance := *theory.CurveTable("t", theory.Steps(12), c).Scalars["p_value"]; chance > 0.01 {
				t.Errorf("%s of p = %g instead of 0.5: p_value %.3g", c.Name, p, chance)
			}
		}
	}
}

// What cannot be computed is an error that names the setting, and what can but does
// not end is said to grow.
func TestRidgeRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"p=0.5 steps=1001":              "steps: 1001 are too many with a mask",
		"alpha=0.333 d=100 simulate=2":  "d: alpha·d = 33.3 is no number of examples",
		"alpha=1000 d=20000 simulate=1": "GiB",
		"p=0":                           "p: 0 is outside (0,1]",
	} {
		theorytest.Refused(t, "ridge", settings, want)
	}
	for _, settings := range [][]string{{"eta=5", "steps=1000"}, {"eta=1e200"}, {"eta=1e200", "p=0.5"}} {
		if _, err := ridge(t, settings...).Predict(context.Background()); err == nil || !strings.Contains(err.Error(), "learning diverges") {
			t.Errorf("%v, a trajectory beyond all numbers: error %v", settings, err)
		}
	}
	r := theorytest.Predict(t, "ridge", "eta=0.3", "steps=30")
	if !strings.Contains(strings.Join(r.Notes, "\n"), "grow without end") || r.Scalars["e_inf"] != nil || *r.Scalars["contraction"] <= 1 {
		t.Errorf("η above η_c: scalars %v, notes %q", r.Scalars, r.Notes)
	}
	small := theorytest.Predict(t, "ridge", "p=0.2", "eta=0.5", "steps=5", "simulate=2", "d=20")
	if !strings.Contains(strings.Join(small.Notes, "\n"), "d = 20 is small here") {
		t.Errorf("too few inputs for the theory: notes %q", small.Notes)
	}
}

func TestRidgeDraws(t *testing.T) {
	r := ridge(t, "p=0.5", "steps=5", "simulate=2", "d=20")
	result := theorytest.PredictionOf(t, r)
	if err := theory.Draw(r, result, filepath.Join(t.TempDir(), "ridge.svg")); err != nil {
		t.Error(err)
	}
}

// Steps enough that a part is cut short by the context, not by its end.
func TestRidgeStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for _, p := range []string{"p=1", "p=0.5"} {
		if _, err := ridge(t, p, "simulate=3").Predict(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", p, err)
		}
	}
}

func TestRidgeConforms(t *testing.T) {
	theorytest.Conform(t, "ridge", "d=20", "simulate=3", "steps=8", "p=0.5", "s=0.3")
}
