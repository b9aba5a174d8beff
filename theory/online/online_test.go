package online

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// online returns the theory with settings, space between, and its defaults.
func online(t *testing.T, settings string) *Online {
	t.Helper()
	return theorytest.New[*Online](t, "online", strings.Fields(settings)...)
}

// followed returns the predicted trajectory.
func followed(t *testing.T, o *Online) *trajectory {
	t.Helper()
	c, err := o.predict(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// e at η = s = 0.5 as an independent program found it, which made Euler steps of 0.01:
// so do we, to its digits. The exact trajectory is within 0.5 % of that.
func TestOnlineReference(t *testing.T) {
	times := []int{0, 1, 2, 5, 10, 15, 20}
	for settings, want := range map[string][]float64{
		"p=1":           {1, .5151, .2867, .1046, .0838, .0833, .0833},
		"p=0.5":         {1, .7129, .5157, .2234, .1047, .0866, .0838},
		"p=0.5 kappa=1": {1, .8213, .6698, .3548, .1370, .0816, .0692},
		"p=1 kappa=0.5": {1, .7863, .6087, .2628, .0781, .0512, .0480},
	} {
		o := online(t, settings+" points=20")
		exact, slope, derivative := followed(t, o), make([]float64, 5), o.derivative()
		y := []float64{1, 0, 0, 0, 0}
		for step := range 2001 {
			for i, at := range times {
				if step == 100*at {
					theorytest.NearAbsolute(t, settings+": e by Euler", y[0], want[i], 5.1e-5)
					theorytest.Near(t, settings+": e", exact.distance[at], want[i], 5e-3)
				}
			}
			derivative(0, y, slope)
			for i := range y {
				y[i] += slope[i] / 100
			}
		}
	}
}

// Without a clip the integrator finds the closed form, with a wide one too, and the
// dissipation is what the balance of e says.
func TestOnlineClosedForm(t *testing.T) {
	for _, settings := range []string{"p=0.3", "p=0.7 eta=2", "eta=2.5 time=3", "p=0.5 rescale=true s=0"} {
		o, wide := online(t, settings), online(t, settings+" kappa=1e6")
		exact, integrated := followed(t, o), followed(t, wide)
		rate, _ := o.effective()
		for i, at := range exact.times {
			theorytest.NearAbsolute(t, settings+": e", integrated.distance[i], exact.distance[i], 1e-9*max(1, exact.distance[i]))
			theorytest.Near(t, settings+": m1_min", integrated.displacement[i], exact.displacement[i], 1e-7)
			// de = -2·dissipation + pη²·∫(e+s²) + 2pη·s²·t, all by ∫(e+s²) = dissipation/(pη).
			change := (rate-2)*exact.dissipation[i] + 2*o.P*rate*o.Noise*o.Noise*at
			theorytest.NearAbsolute(t, settings+": e from the dissipation", exact.distance[i], o.Start+change, 1e-9*max(1, exact.distance[i]))
		}
	}
	theorytest.Near(t, "e(t) at e∞", online(t, "e0=0.08333333333333333 p=0.3").unclipped(7), 0.25/3, 1e-12)
}

// e∞ is where e stays, and whither it goes from above and below, whatever p is.
func TestOnlineStationary(t *testing.T) {
	for settings, want := range map[string]float64{
		"eta=0.5": 0.25 / 3, "eta=0.5 kappa=1e9": 0.25 / 3, "eta=1.5 s=0.2": 0.12,
		"eta=0.5 p=0.5 rescale=true": 0.25, "eta=3 kappa=1": 0, "eta=3 kappa=1 s=0": 0, "kappa=0.5": 0,
		"eta=1.5 kappa=0.5 s=0": 0,
	} {
		o := online(t, settings)
		e := o.Stationary()
		if want > 0 {
			theorytest.Near(t, settings+": e∞", e, want, 1e-9)
		}
		if o.P = 0.2; !o.Rescale && o.Stationary() != e {
			t.Errorf("%s: e∞ = %v at p = 0.2, else %v", settings, o.Stationary(), e)
		}
		for _, start := range []float64{4*e + 1e-3, e / 4} {
			o := online(t, settings)
			if o.Start, o.Time = start, 1000; start == 0 {
				continue
			}
			c := followed(t, o)
			theorytest.NearAbsolute(t, settings+": e(1000)", c.distance[o.Points], e, 1e-7)
		}
	}
	if e := online(t, "eta=3 kappa=1 s=0").Stationary(); e < 0.01 {
		t.Errorf("η = 3 with a clip, no noise: e∞ = %v, but small errors grow", e)
	}
}

// The largest learning rate, in theory and in simulations a tenth from it.
func TestOnlineStability(t *testing.T) {
	for settings, want := range map[string]float64{"": 2, "p=0.3": 2, "p=0.3 rescale=true": 0.6, "kappa=2": math.Inf(1)} {
		o := online(t, settings+" s=0 e0=1e-3 n=200 time=30")
		if got := o.Stability(); got != want {
			t.Errorf("%s: eta_max = %v, want %v", settings, got, want)
		}
		if math.IsInf(want, 1) {
			continue
		}
		for _, factor := range []float64{0.9, 1.1} {
			o.LearningRate = factor * want
			theory, simulation := followed(t, o), o.student(0).learn(context.Background())
			for _, c := range []*trajectory{theory, simulation} {
				if grows := c.distance[o.Points] > o.Start; grows != (factor > 1) {
					t.Errorf("%s: e goes from %g to %g at %g η_max", settings, o.Start, c.distance[o.Points], factor)
				}
			}
		}
	}
}

// Dividing by p is a larger learning rate and a tighter clip.
func TestOnlineRescale(t *testing.T) {
	a, b := followed(t, online(t, "p=0.25 eta=0.2 kappa=2 rescale=true")), followed(t, online(t, "p=0.25 eta=0.8 kappa=0.5"))
	for i, column := range a.curves() {
		for row, value := range column.Predicted {
			theorytest.Near(t, column.Name, value, b.curves()[i].Predicted[row], 1e-13)
		}
	}
}

// Simulations agree, at all columns and rows, with masks, clips and both.
func TestOnlineSimulation(t *testing.T) {
	for _, settings := range []string{"p=1", "p=0.5 kappa=0.3", "p=0.3 kappa=2 eta=0.3 rescale=true"} {
		r := theorytest.Predict(t, "online", append(strings.Fields(settings), "time=5", "points=5", "n=300", "simulate=12")...)
		if p := *r.Scalars["p_value"]; !(p > 0.02) {
			t.Errorf("%s: p_value %.3g, worst z %.2f", settings, p, *r.Scalars["worst_z"])
		}
	}
}

// A prediction whose p is wrong by a tenth is found out, by e and by M1 alone, and one
// whose clip is.
func TestOnlineWrongTheory(t *testing.T) {
	right := online(t, "p=0.5 kappa=0.5 time=5 points=5 n=400 simulate=16")
	simulated, err := right.simulate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	slow, loose := *right, *right
	slow.P, loose.Bound = 0.45, 0.55
	for what, wrong := range map[string]*Online{"p": &slow, "kappa": &loose} {
		for _, c := range followed(t, wrong).withSimulations(simulated) {
			if c.Name != "e" && c.Name != "m1_total" {
				continue
			}
			if chance := *theory.CurveTable("t", right.times()[:6], c).Scalars["p_value"]; chance > 0.01 {
				t.Errorf("%s of a wrong %s: p_value %.3g", c.Name, what, chance)
			}
		}
	}
}

func TestOnlineRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"time=1 n=10":               "points: 40 rows in 10 presentations; give fewer",
		"time=1e6 n=1e6 simulate=1": "time: a course takes 1e+12 presentations",
		"kappa=0":                   "kappa: 0 is outside (0,inf]",
	} {
		theorytest.Refused(t, "online", settings, want)
	}
	if _, err := online(t, "eta=40 time=1000").Predict(context.Background()); err == nil || !strings.Contains(err.Error(), "learning diverges") {
		t.Errorf("a trajectory beyond all numbers: error %v", err)
	}
	r := theorytest.Predict(t, "online", "eta=2.1", "time=2")
	if !strings.Contains(strings.Join(r.Notes, "\n"), "grow without end") || r.Scalars["e_inf"] != nil {
		t.Errorf("η above η_max: scalars %v, notes %q", r.Scalars, r.Notes)
	}
}

func TestOnlineDraws(t *testing.T) {
	o := online(t, "time=1 points=4 simulate=2 n=20")
	result := theorytest.PredictionOf(t, o)
	if err := theory.Draw(o, result, filepath.Join(t.TempDir(), "online.svg")); err != nil {
		t.Error(err)
	}
}

// Where little moves, what moved is known as well: a random walk's |Δw|² and the square
// of its drift.
func TestOnlineMovesLittle(t *testing.T) {
	for _, settings := range []string{"kappa=1e-6", "kappa=1e-12 s=0", "eta=1e-9"} {
		o := online(t, settings+" time=1 points=2")
		c, err := o.predict(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		rate, bound := o.effective()
		v, at := o.Start+o.Noise*o.Noise, c.times[1]
		mean := clippedAverages(bound / math.Sqrt(v))
		square := mean.square*v*at + mean.along*mean.along*o.Start*at*at
		theorytest.Near(t, settings+": m1_min", c.displacement[1], theory.MeanAbsNormal*rate*math.Sqrt(square), 1e-4)
	}
}

// Without labels' noise e decays beyond all numbers, and the trajectory goes on.
func TestOnlineComesToRest(t *testing.T) {
	for _, time := range []string{"945", "1000", "3000"} {
		c := followed(t, online(t, "eta=1.5 kappa=0.5 s=0 e0=1e-3 points=7 time="+time))
		if e := c.distance[7]; !(e >= 0 && e < 1e-9) {
			t.Errorf("e(%s) = %v, want none", time, e)
		}
	}
}

func TestOnlineConforms(t *testing.T) {
	theorytest.Conform(t, "online", "n=50", "simulate=3", "time=2", "points=4", "p=0.5", "kappa=1")
}
