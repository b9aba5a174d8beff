package likelihood

import (
	"math"
	"testing"
)

// Sums of numbers that would overflow, in any order and in parts.
func TestLogSum(t *testing.T) {
	x := []float64{-1e4, 3, 1e4, 1e4 + 1, -5, 1e4 - 40}
	want := 1e4 + math.Log(1+math.E+math.Exp(-40))
	all, parts := newLogSum(), newLogSum()
	for i, v := range x {
		all.add(v)
		one := newLogSum()
		one.add(v)
		if i%2 == 0 {
			one.add(math.Inf(-1))
		}
		parts.addSum(one)
	}
	near(t, "ln of the sum", all.value(), want, 1e-11)
	near(t, "ln of the sum of parts", parts.value(), want, 1e-11)
}

// The mean, its error and the effective number of weights 1, 2, 3, 4, at any scale: ⟨w⟩ = 5/2, sample
// variance 5/3, hence s.e. √(5/3/4)/(5/2); (Σw)²/Σw² = 100/30.
func TestLogMean(t *testing.T) {
	for _, shift := range []float64{0, -2000, 2000} {
		got := NewLogMean([]float64{shift, shift + math.Log(2), shift + math.Log(3), shift + math.Log(4)})
		near(t, "ln mean", got.Value, shift+math.Log(2.5), 1e-12)
		near(t, "standard error", got.StandardError, math.Sqrt(5./12)/2.5, 1e-12)
		near(t, "effective", got.Effective, 100./30, 1e-12)
	}
	if one := NewLogMean([]float64{3}); one.Value != 3 || !math.IsNaN(one.StandardError) || one.Effective != 1 {
		t.Errorf("of one number: %+v", one)
	}
}

// Beside numbers above 10¹⁶ the logarithms of a sum and of n are lost. One of three then carries
// the mean alone, and two that are the same carry it together.
func TestLogMeanOfHugeNumbers(t *testing.T) {
	for _, scale := range []float64{1e16, 1e22, 1e300} {
		for carrying, x := range map[float64][]float64{
			1: {-scale, -2 * scale, -3 * scale}, 2: {scale, 0, scale}, 3: {scale, scale, scale},
		} {
			near(t, "effective", NewLogMean(x).Effective, carrying, 1e-12)
		}
	}
}
