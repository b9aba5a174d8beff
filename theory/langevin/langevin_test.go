package langevin

import (
	"context"
	"math"
	"slices"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// regression returns the theory of N = 50, η = 0.005, s = 0.5.
func regression(simulate, steps int) *Langevin {
	return &Langevin{
		N: 50, LearningRate: 0.005, Noise: 0.5, Batch: 1, P: 1, Bath: "plastic",
		Ratios: []float64{0, 0.1, 1, 10}, Simulate: simulate, Steps: steps,
	}
}

// e∞ of N = 50, η = 0.005, s = 0.5 at four temperatures, to the digits at which it
// is known, whatever part of the synapses may change.
func TestLangevinThreshold(t *testing.T) {
	l := regression(0, 1)
	theorytest.Near(t, "kT*", l.Threshold(), 0.005*0.25/2, 1e-15)
	for ratio, want := range map[float64]float64{0: 0.03592, 0.1: 0.03951, 1: 0.07184, 10: 0.39511} {
		for _, l.P = range []float64{1, 0.3} {
			if got := l.Stationary(ratio); math.Abs(got-want) > 0.000005 {
				t.Errorf("p %v: e∞ at %v T* is %.6f, want %.5f", l.P, ratio, got, want)
			}
			theorytest.Near(t, "e∞ over that without thermal noise", l.Stationary(ratio)/l.Stationary(0), 1+ratio, 1e-14)
		}
	}
}

// At any error the work of a step is 2N·p temperatures of the step, times
// 1 + B/B_simple: Eqs. 15 and 16.
func TestLangevinWorkIsTheBound(t *testing.T) {
	l := &Langevin{N: 20, LearningRate: 0.01, Noise: 0.7, Batch: 3, P: 0.4}
	for _, e := range []float64{0, 0.1, 50} {
		mean, noise := l.gradient(e)
		temperature := l.LearningRate * noise / float64(2*l.N*l.Batch)
		theorytest.Near(t, "W", l.Work(e), 2*20*0.4*temperature*(1+3*mean/noise), 1e-14)
	}
}

// e∞ is where the exact mean of a step stays: the second moments of x ~ N(0,I) say
// ⟨|g|²⟩ = e·(1+(N+1)/B) + N·s²/B.
func TestLangevinStationary(t *testing.T) {
	l := &Langevin{N: 7, LearningRate: 0.1, Noise: 0.7, Batch: 3, P: 0.4}
	for _, l.Bath = range []string{"plastic", "all"} {
		reached := map[string]float64{"plastic": l.P, "all": 1}[l.Bath]
		e, ratio := l.Stationary(2.5), 2.5
		square := e*(1+8./3) + 7*0.49/3
		thermal := 2 * ratio * l.Threshold() * l.LearningRate * 7 * reached
		change := -2*l.P*l.LearningRate*e + l.P*l.LearningRate*l.LearningRate*square + thermal
		if math.Abs(change) > 1e-15 {
			t.Errorf("bath %s: the stationary e changes by %v a step", l.Bath, change)
		}
	}
}

// Simulations agree with the theory within 3 standard errors: distance,
// threshold, work, R, and the work against its bound.
func TestLangevinSimulation(t *testing.T) {
	masked := regression(16, 3000)
	masked.N, masked.LearningRate, masked.Batch, masked.P = 10, 0.05, 4, 0.3
	warm := *masked
	warm.Bath, warm.Batch, warm.Seed = "all", 1, 1
	for name, l := range map[string]*Langevin{"plain": regression(16, 5000), "masked": masked, "warm": &warm} {
		result := theorytest.PredictionOf(t, l)
		if worst := *result.Scalars["worst_z"]; worst > 3 {
			t.Errorf("%s: worst z of %v comparisons %.2f", name, *result.Scalars["comparisons"], worst)
		}
		if name != "plain" {
			continue
		}
		ratio := slices.Index(result.Columns, "e_inf_ratio_simulated")
		if got := result.Rows[2][ratio]; math.Abs(got-2) > 0.03 {
			t.Errorf("e∞ at T* is %.3f times that without thermal noise, want 2.00 ± 0.03", got)
		}
		if got := result.Rows[3][ratio]; math.Abs(got-11) > 0.2 {
			t.Errorf("e∞ at 10 T* is %.2f times that without thermal noise, want 11.0 ± 0.2", got)
		}
	}
}

// A theory whose temperature is wrong by a tenth is found out, and so is one whose
// learning rate, hence work, is.
func TestLangevinWrongTheory(t *testing.T) {
	right := regression(16, 4000)
	students, err := right.simulate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	fast := regression(16, 4000)
	fast.LearningRate *= 1.1
	for what, row := range map[string][]theory.Quantity{
		"e_inf":       right.row(11, students.at(3), students.at(4)),
		"e_inf_ratio": right.row(1.1, students.at(2), students.at(4)),
		"work":        fast.row(0, students.at(0), students.at(4)),
		"bound":       fast.row(0, students.at(0), students.at(4)),
	} {
		for _, q := range row {
			if q.Name == what && math.Abs(q.Simulations[0].Z(q.Predicted)) < 4 {
				t.Errorf("%s of a wrong theory is only %.1f standard errors off", what, q.Simulations[0].Z(q.Predicted))
			}
		}
	}
}

func TestLangevinConforms(t *testing.T) {
	theorytest.Conform(t, "langevin", "n=5", "lr=0.05", "simulate=4", "steps=500", "p=0.5")
}

// What cannot be computed is an error that names the setting.
func TestLangevinRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"lr=0.04":  "lr: learning diverges at 0.04; give less than 2/(1+(n+1)/batch) = 0.0384615",
		"lr=1e-12": "lr: a course takes 5e+12 steps to forget its start; give a larger one, or simulate=0",
		"ratio=[]": "ratio: no temperature; give one or more",
		"rat=[1]":  `did you mean "ratio"?`,
	} {
		theorytest.Refused(t, "langevin", settings, want)
	}
}
