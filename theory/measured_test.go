package theory

import (
	"math"
	"testing"
)

// near fails where got is not want to a relative precision.
func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*max(math.Abs(want), 1e-300)) {
		t.Errorf("%s = %.15g, want %.15g to %.0e", what, got, want, precision)
	}
}

func TestMeasuredByHand(t *testing.T) {
	sample := []float64{1, 2, 3, 6}
	mean := meanOf(sample)
	near(t, "mean", mean.value, 3, 1e-15)
	near(t, "its error", mean.standardError, math.Sqrt(14./3/4), 1e-15)
	// Central moments: m₂ = 14/4, m₄ = (16+1+0+81)/4.
	variance := varianceOf(sample)
	near(t, "variance", variance.value, 14./3, 1e-15)
	near(t, "its error", variance.standardError, math.Sqrt((98./4-3.5*3.5)/4), 1e-15)
	near(t, "z", measured{5, 0.5}.z(4), 2, 1e-15)
}

// What numerator and denominator share is no error of their ratio.
func TestRatioOfSharesDeviations(t *testing.T) {
	a := []float64{1, 2, 3, 6}
	if r := ratioOf(a, a); r.value != 1 || r.standardError != 0 || !math.IsNaN(r.z(1)) {
		t.Errorf("ratio of a sample to itself is %v, want exactly 1, which tests nothing", r)
	}
	r := ratioOf([]float64{2, 4, 6, 13}, a)
	near(t, "ratio", r.value, 25./12, 1e-15)
	if whole := ratioOf([]float64{13, 2, 6, 4}, a); r.standardError > whole.standardError/10 {
		t.Errorf("error %v of paired samples, %v of unpaired ones", r.standardError, whole.standardError)
	}
}

func TestTooFewSamplesHaveNoError(t *testing.T) {
	if m := meanOf([]float64{3}); m.value != 3 || !math.IsNaN(m.z(4)) {
		t.Errorf("one sample: %v, want 3 with an unknown error", m)
	}
}
