package theory_test

import (
	"math"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

func TestMeasuredByHand(t *testing.T) {
	sample := []float64{1, 2, 3, 6}
	mean := theory.EstimateMean(sample)
	theorytest.Near(t, "mean", mean.Value, 3, 1e-15)
	theorytest.Near(t, "its error", mean.StandardError, math.Sqrt(14./3/4), 1e-15)
	// Central moments: m₂ = 14/4, m₄ = (16+1+0+81)/4.
	variance := theory.EstimateVariance(sample)
	theorytest.Near(t, "variance", variance.Value, 14./3, 1e-15)
	theorytest.Near(t, "its error", variance.StandardError, math.Sqrt((98./4-3.5*3.5)/4), 1e-15)
	theorytest.Near(t, "z", theory.Estimate{5, 0.5}.Z(4), 2, 1e-15)
}

// What numerator and denominator share is no error of their ratio.
func TestRatioOfSharesDeviations(t *testing.T) {
	a := []float64{1, 2, 3, 6}
	if r := theory.EstimateRatio(a, a); r.Value != 1 || r.StandardError != 0 || !math.IsNaN(r.Z(1)) {
		t.Errorf("ratio of a sample to itself is %v, want exactly 1, which tests nothing", r)
	}
	r := theory.EstimateRatio([]float64{2, 4, 6, 13}, a)
	theorytest.Near(t, "ratio", r.Value, 25./12, 1e-15)
	if whole := theory.EstimateRatio([]float64{13, 2, 6, 4}, a); r.StandardError > whole.StandardError/10 {
		t.Errorf("error %v of paired samples, %v of unpaired ones", r.StandardError, whole.StandardError)
	}
}

func TestTooFewSamplesHaveNoError(t *testing.T) {
	if m := theory.EstimateMean([]float64{3}); m.Value != 3 || !math.IsNaN(m.Z(4)) {
		t.Errorf("one sample: %v, want 3 with an unknown error", m)
	}
}
