package selection

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// selectionOf returns the theory with settings, space between, and its defaults.
func selectionOf(t *testing.T, settings string) *Selection {
	t.Helper()
	return theorytest.New[*Selection](t, "selection", strings.Fields(settings)...)
}

// followed returns the predicted trajectory.
func followed(t *testing.T, s *Selection) *prediction {
	t.Helper()
	c, err := s.predict(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// e, and M0/N, at η = s = 0.5 as an independent program found them, whose steps of Euler
// leave it one unit of the last digit off.
func TestReference(t *testing.T) {
	times := []int{1, 2, 4, 6}
	for settings, want := range map[string]struct{ e, m0 []float64 }{
		"select=top p=0.1":         {[]float64{.7427, .5576, .3287, .2103}, []float64{.1, .2, .4, .6}},
		"select=gate theta=1":      {[]float64{.5855, .3789}, nil},
		"select=threshold kappa=2": {[]float64{.6759, .4891, .2987, .2105}, []float64{.0669, .1157, .1836, .2312}},
	} {
		c := followed(t, selectionOf(t, settings+" points=6"))
		for i, e := range want.e {
			theorytest.NearAbsolute(t, settings+": e", c.distance[times[i]], e, 1e-4)
		}
		for i, m0 := range want.m0 {
			theorytest.NearAbsolute(t, settings+": M0/N", c.m0[times[i]]/1000, m0, 1e-4)
		}
	}
}

// All selections have e of the dense rule at their own clock, hence its e∞; and the sums
// balance: what is dissipated and what labels' noise adds make e.
func TestClock(t *testing.T) {
	for _, settings := range []string{"select=top", "select=gate theta=0.5", "select=threshold kappa=0.5", "select=[gate,top] p=0.3", "select=[top,threshold,gate]", "eta=1.9", "eta=2.3 time=4"} {
		s := selectionOf(t, settings)
		c := followed(t, s)
		dense := selectionOf(t, "select=[]")
		dense.LearningRate = s.LearningRate
		for i := range c.times {
			e := c.distance[i]
			theorytest.Near(t, settings+": e at the clock", e, dense.distance(c.clock[i]), 1e-12)
			change := (s.LearningRate-2)*c.dissipation[i] + 2*s.LearningRate*s.Noise*s.Noise*c.clock[i]
			theorytest.NearAbsolute(t, settings+": e by what is dissipated", e, s.Start+change, 1e-8*max(1, e))
		}
	}
	c := followed(t, selectionOf(t, "select=[top,threshold] kappa=0.5 time=300"))
	theorytest.Near(t, "e(300)", c.distance[len(c.times)-1], 0.25/3, 1e-6)
}

// Without a limit that bites everything is dense learning, and savings are none.
func TestNothingSelected(t *testing.T) {
	dense := followed(t, selectionOf(t, "select=[]"))
	for _, settings := range []string{"p=1", "select=gate theta=0", "select=threshold kappa=0", "select=threshold kappa=1e-9", "select=[top,gate,threshold] p=1 theta=0 kappa=1e-9"} {
		c := followed(t, selectionOf(t, settings))
		for i, curve := range c.withSimulations(nil) {
			for row, value := range curve.Predicted {
				theorytest.NearAbsolute(t, settings+": "+curve.Name, value, dense.withSimulations(nil)[i].Predicted[row], 1e-6*max(1, value))
			}
		}
	}
	for _, name := range []int{1, 2, 20} {
		theorytest.Near(t, "saving", dense.m0Saving[name], 1, 1e-12)
		theorytest.Near(t, "m1_saving", dense.m1Saving[name], 1, 1e-9)
	}
}

// Scalars of a competition: frontier values c(.1) = 1.6449 and a/p = 1 + c·φ(c)/Q(c) = 4.39.
func TestScalars(t *testing.T) {
	r := theorytest.Predict(t, "selection")
	theorytest.NearScalar(t, r, "gain", 4.39, 1e-3)
	theorytest.NearScalar(t, r, "cut", 1.6448536, 1e-7)
	theorytest.NearScalar(t, r, "p", 0.1, 1e-15)
	theorytest.NearScalar(t, r, "e_inf", 0.25/3, 1e-12)
	if r := theorytest.Predict(t, "selection", "select=[top,gate]"); r.Scalars["a"] != nil || r.Scalars["gain"] != nil || r.Scalars["cut"] == nil {
		t.Error("a of a gate is known, though it falls with e")
	}
	theorytest.NearScalar(t, theorytest.Predict(t, "selection", "n=1007", "p=0.1"), "p", 100./1007, 1e-14)
}

// Simulations of each selection and of products agree, at all columns and rows.
func TestSimulation(t *testing.T) {
	for _, settings := range []string{"select=top", "select=gate", "select=threshold kappa=1", "select=[gate,top] theta=0.7 p=0.3", "select=[top,threshold] p=0.3 kappa=1"} {
		r := theorytest.Predict(t, "selection", append(strings.Fields(settings), "points=5", "n=300", "simulate=12", "time=4")...)
		if p := *r.Scalars["p_value"]; !(p > 0.02) {
			t.Errorf("%s: p_value %.3g, worst z %.2f", settings, p, *r.Scalars["worst_z"])
		}
	}
}

// A prediction whose p, θ or κ is wrong by a tenth is refused, by what it says of e and of
// M1 alone, as is one of another selection.
func TestWrongTheory(t *testing.T) {
	for settings, wrongs := range map[string][]string{
		"select=top p=0.3":              {"p=0.27", "p=0.33"},
		"select=gate theta=1 eta=0.3":   {"theta=0.9", "theta=1.1"},
		"select=threshold kappa=2":      {"kappa=1.8", "kappa=2.2"},
		"select=[gate,top] p=0.3":       {"p=0.27", "theta=0.9", "select=gate"},
		"select=[top,threshold] p=0.1 ": {"p=0.09", "kappa=1.8", "select=threshold"},
	} {
		common := " time=4 points=4 n=400 simulate=16 seed=3"
		right := selectionOf(t, settings+common)
		simulated, err := right.simulate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		chance := func(s *Selection, name string) float64 {
			for _, c := range followed(t, s).withSimulations(simulated) {
				if c.Name == name {
					return *theory.CurveTable("t", s.times()[:5], c).Scalars["p_value"]
				}
			}
			return math.NaN()
		}
		if p := chance(right, "m1_total"); !(p > 0.02) {
			t.Errorf("%s: p_value %.3g of M1", settings, p)
		}
		for _, wrong := range wrongs {
			s := selectionOf(t, settings+common+" "+wrong)
			if p := chance(s, "m1_total"); p > 1e-3 {
				t.Errorf("%s taken for %s: p_value %.3g of M1", settings, wrong, p)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"select=[top,top]":          "select: top is listed twice",
		"select=best":               `"best" is not one of top, gate, threshold`,
		"p=0.0005":                  "p: 0.0005 of n = 1000 weights are none; give more of either",
		"time=1 n=10":               "points: 24 rows in 10 presentations; give fewer",
		"time=1e6 n=1e6 simulate=1": "time: a course takes 1e+12 presentations",
		"theta=-1":                  "theta: -1 is outside [0,1000]",
	} {
		theorytest.Refused(t, "selection", settings, want)
	}
	if _, err := selectionOf(t, "eta=40 time=1000").Predict(context.Background()); err == nil || !strings.Contains(err.Error(), "learning may diverge") {
		t.Errorf("a trajectory beyond all numbers: error %v", err)
	}
}

// Extremes: no noise, gates that shut for good, cuts of one synapse in a thousand.
func TestExtremes(t *testing.T) {
	for _, settings := range []string{"s=0 select=threshold time=1000", "s=0 select=[gate,top,threshold] theta=10", "s=0 e0=1e-6 select=gate theta=1000", "p=0.001 kappa=1000 select=[top,threshold]", "s=1000 eta=1.99"} {
		for _, c := range followed(t, selectionOf(t, settings)).curves() {
			for _, value := range c.Predicted {
				if c.Name != "inefficiency" && (math.IsNaN(value) || math.IsInf(value, 0) || value < 0) {
					t.Errorf("%s: %s = %v", settings, c.Name, value)
				}
			}
		}
	}
}

func TestDraws(t *testing.T) {
	s := selectionOf(t, "time=1 points=4 simulate=2 n=20")
	if err := theory.Draw(s, theorytest.PredictionOf(t, s), filepath.Join(t.TempDir(), "selection.svg")); err != nil {
		t.Error(err)
	}
}

func TestConforms(t *testing.T) {
	theorytest.Conform(t, "selection", "n=50", "simulate=3", "time=2", "points=4", "select=[gate,top,threshold]", "kappa=1")
}
