package theory_test

import (
	"math"
	"testing"

	"ergon/internal/philox"
	"ergon/theory"
	"ergon/theory/theorytest"
)

// brownian returns n trajectories of a random walk with drift, and its mean.
func brownian(n, steps int, drift float64) (trajectories [][]float64) {
	noise := philox.New(3, "curve/test")
	for i := range n {
		trajectory := make([]float64, steps+1)
		for t := range steps {
			trajectory[t+1] = trajectory[t] + drift + noise.Normal(uint64(i), uint64(t))
		}
		trajectories = append(trajectories, trajectory)
	}
	return trajectories
}

// A right curve is accepted and one that is off is not.
func TestLearningCanFail(t *testing.T) {
	const steps = 40
	trajectories := brownian(64, steps, 1)
	right, wrong := make([]float64, steps+1), make([]float64, steps+1)
	for i := range right {
		right[i], wrong[i] = float64(i), 1.1*float64(i)
	}
	r := theory.CurveTable("t", theory.Steps(steps), theory.Curve{Name: "x", Predicted: right, Simulated: trajectories})
	if p := *r.Scalars["p_value"]; p < 0.05 {
		t.Errorf("a right curve: p_value %.3g", p)
	}
	if z := r.Rows[0][4]; !math.IsNaN(z) {
		t.Errorf("z of a start that is given is %v, want none", z)
	}
	theorytest.Near(t, "comparisons", *r.Scalars["comparisons"], steps, 0)
	if p := *theory.CurveTable("t", theory.Steps(steps), theory.Curve{Name: "x", Predicted: wrong, Simulated: trajectories}).Scalars["p_value"]; p > 1e-3 {
		t.Errorf("a wrong curve: p_value %.3g", p)
	}
}

func TestLearningWithoutSimulations(t *testing.T) {
	r := theory.CurveTable("t", theory.Steps(1), theory.Curve{Name: "x", Predicted: []float64{1, 2}})
	if len(r.Columns) != 2 || len(r.Scalars) != 0 {
		t.Errorf("columns %v, scalars %v", r.Columns, r.Scalars)
	}
}

// Counts of two simulations that happen to be the same refute nothing, and those of many
// that are all off do.
func TestLearningOfShares(t *testing.T) {
	const grain = 1. / 600
	alike := func(n int) (trajectories [][]float64) {
		for range n {
			trajectories = append(trajectories, []float64{0.5 + 12*grain})
		}
		return trajectories
	}
	share := theory.Curve{Name: "m0", Predicted: []float64{0.5}, Simulated: alike(2), Grain: grain}
	if r := theory.CurveTable("t", theory.Steps(0), share); r.Scalars["worst_z"] == nil || *r.Scalars["p_value"] < 0.005 {
		t.Errorf("two counts that are the same: scalars %v", r.Scalars)
	}
	share.Simulated = alike(6)
	if p := *theory.CurveTable("t", theory.Steps(0), share).Scalars["p_value"]; p > 1e-6 {
		t.Errorf("six counts that are the same, and off: p_value %.3g", p)
	}
	share.Predicted[0] = 0.5 + 12*grain
	if z := theory.CurveTable("t", theory.Steps(0), share).Rows[0][4]; !math.IsNaN(z) {
		t.Errorf("z of counts that are what was predicted is %v, want none", z)
	}
}
