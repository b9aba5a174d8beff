package ridge

import (
	"context"
	"math"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// After one mask a gradient is one of two Gaussians, whose variances are known.
func TestRidgeChangesAfterOneMask(t *testing.T) {
	r := ridge(t, "p=0.2", "eta=0.4", "steps=1")
	_, squares, err := r.moments(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	shape, straight, err := r.synapses(context.Background(), squares)
	if err != nil {
		t.Fatal(err)
	}
	kernels := r.kernels(2)
	g00, g01, g11 := kernels.covariance(squares, 0, 0), kernels.covariance(squares, 1, 0), kernels.covariance(squares, 1, 1)
	size, square := 0.0, 0.0
	for mask, chance := range []float64{1 - r.P, r.P} {
		back := -r.LearningRate * kernels.back[0] * (float64(mask) - r.P)
		variance := g11 + 2*back*g01 + back*back*g00
		size += chance * math.Sqrt(2/math.Pi*variance)
		square += chance * variance
	}
	theorytest.Near(t, "⟨G²⟩ of the mixture", square, squares[1], 1e-12)
	exact := size / math.Sqrt(square)
	if z := shape[1].Z(exact); math.Abs(z) > 3.5 || shape[1].StandardError > 0.002 {
		t.Errorf("⟨|G|⟩/√⟨G²⟩ = %.5f ± %.5f, exactly %.5f", shape[1].Value, shape[1].StandardError, exact)
	}
	if z := shape[1].Z(theory.MeanAbsNormal); z > -10 {
		t.Errorf("only %.1f standard errors below the Gaussian: nothing was tested", -z)
	}
	theorytest.Near(t, "a first step's way", straight[1], 1, 1e-12)
}

// The process of a synapse has at all times the mean square gradient that the modes have,
// and the same displacement: two ways to one number.
func TestRidgeProcessHasTheModesSquares(t *testing.T) {
	r := ridge(t, "p=0.5", "steps=25")
	c, squares, err := r.moments(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	sums, err := r.follow(context.Background(), squares)
	if err != nil {
		t.Fatal(err)
	}
	for step := range squares {
		square, fourth := sums.powers[1][step]/synapsesFollowed, sums.powers[3][step]/synapsesFollowed
		theorytest.Near(t, "⟨G²⟩", square, 1, 4*math.Sqrt((fourth-square*square)/synapsesFollowed))
	}
	// Of many steps each synapse has made its share, and its displacement is nearly Gaussian.
	theorytest.Near(t, "⟨|w(t)-w(0)|⟩", sums.displacement[25]*r.LearningRate/synapsesFollowed, c.displacement[25], 0.01)
}

// Where nothing moves, nothing is divided by.
func TestRidgeAtRest(t *testing.T) {
	c, err := ridge(t, "p=0.5", "lambda=0", "m0=1", "r=0", "steps=3").predict(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for step := range c.m1 {
		if c.m1[step] != 0 || c.displacement[step] != 0 {
			t.Errorf("step %d: change %v, displacement %v at w*", step, c.m1[step], c.displacement[step])
		}
	}
}
