package optimum

import (
	"context"
	"math"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// quickOptimum is a search that takes a moment.
var quickOptimum = []string{"steps=2", "paths=200", "grid=3", "grid_p=[0.5,1]", "grid_eta=[0.5,5]", "d=200"}

// In one step from almost nothing all that counts is which synapses learn: Hebb's
// rule makes m²/C = p/(1+Δ/α), so that p follows from the target alone.
func TestOptimumOfOneStep(t *testing.T) {
	r := theorytest.Predict(t, "optimum", "steps=1", "r=1e-6", "target=0.15", "margin=0", "grid=0")
	needed := 0.0 // ρ with ½erfc(√(ρ/2Δ)) = target
	for step := 0.5; step > 1e-9; step /= 2 {
		if math.Erfc(math.Sqrt((needed+step)/(2*0.5)))/2 > 0.15 {
			needed += step
		}
	}
	if want, got := needed*(1+0.5/2), *r.Scalars["p"]; math.Abs(got/want-1) > 0.01 {
		t.Errorf("p = %.4f, want %.4f", got, want)
	}
	theorytest.Near(t, "M0", *r.Scalars["m0"], *r.Scalars["p"], 1e-9)
}

// What the search finds costs no more than any cell of a grid around it, for
// either energy, and says by how much.
func TestOptimumBeatsTheGrid(t *testing.T) {
	for _, energy := range []string{"m0", "m1"} {
		r := theorytest.Predict(t, "optimum", append(quickOptimum, "energy="+energy, "target=0.14", "grid=6", "grid_eta=[0.02,5]", "margin=0")...)
		if gain := *r.Scalars["gain"]; gain < 1 {
			t.Errorf("%s: the best cell costs %.4f times the optimum", energy, gain)
		}
		theorytest.Near(t, "gain", *r.Scalars["gain"], *r.Scalars["grid_cost"] / *r.Scalars[energy], 1e-12)
		if e := *r.Scalars["error"]; e > 0.14 {
			t.Errorf("%s: error %.4f, want at most 0.14", energy, e)
		}
	}
}

// Cells of the grid pay until they first reach the target, and not longer.
func TestOptimumAccounts(t *testing.T) {
	made, err := theory.New("optimum", quickOptimum)
	if err != nil {
		t.Fatal(err)
	}
	o := made.(*Optimum)
	trajectory, err := o.problem(plan{steps: 6, p: 0.5, first: 1, last: 1, clip: math.Inf(1)}).Solve(context.Background(), 500, 0)
	if err != nil {
		t.Fatal(err)
	}
	target := (trajectory.Error[2] + trajectory.Error[3]) / 2
	a := atGoal(trajectory, target)
	if a.steps != 3 || !a.reached || a.error != trajectory.Error[3] {
		t.Errorf("reached %v after %d steps at an error of %v, want after 3 at %v", a.reached, a.steps, a.error, trajectory.Error[3])
	}
	theorytest.Near(t, "m0", a.m0, 1.5, 1e-12)
	theorytest.Near(t, "m1", a.m1, trajectory.M1[0]+trajectory.M1[1]+trajectory.M1[2], 1e-12)
	if a := atGoal(trajectory, 0.01); a.reached || a.steps != 6 {
		t.Errorf("a target out of reach: %+v", a)
	}
}

func TestOptimumOutOfReach(t *testing.T) {
	if _, err := theory.New("optimum", []string{"target=0.05"}); err == nil || !strings.Contains(err.Error(), "no rule gets below an error of 0.0786") {
		t.Errorf("error %v", err)
	}
	made, err := theory.New("optimum", append(quickOptimum, "target=0.08", "margin=0"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.Predict(context.Background()); err == nil || !strings.Contains(err.Error(), "give a larger target") {
		t.Errorf("error %v", err)
	}
}

// What would fail later, and be taken for divergence, is refused.
func TestOptimumRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"paths=1000000":      "paths: a search with 1000000 and ten times as many",
		"steps=200":          "1000 paths are too few for 200 steps; want at least 1664",
		"d=20000 simulate=2": "d: the examples of 20000 weights take",
	} {
		theorytest.Refused(t, "optimum", settings, want)
	}
}

func TestOptimumConforms(t *testing.T) {
	theorytest.Conform(t, "optimum", "steps=2", "paths=200", "grid=2", "d=100", "simulate=2")
}
