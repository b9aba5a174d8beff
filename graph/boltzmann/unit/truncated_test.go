package unit

import (
	"math"
	"testing"
)

// Where the method changes, both give the same, to the digits that the other one loses: z²
// units of rounding.
func TestTruncatedMethodsMeet(t *testing.T) {
	for z := 6.0; z < 9; z += 0.01 {
		ratio := math.Sqrt(math.Pi/2) * math.Exp(z*z/2) * math.Erfc(z/math.Sqrt2)
		if want := 1/ratio - z; math.Abs(excess(z)-want) > 1e-15*z*z*z*z {
			t.Errorf("1/R(%v)-z = %v, want %v", z, excess(z), want)
		}
	}
	for z := 20.0; z < farther; z += 0.1 {
		for _, v := range []float64{0x1p-33, 1e-6, 0.01, 0.5, 0.99, 1 - 1e-6, 1 - 0x1p-33} {
			if got, want := farAbove(z, v), truncatedAbove(-z, v); math.Abs(got-want) > 1e-15*z*z {
				t.Errorf("at -%v, above x with probability %v: x = %v, want %v", z, v, got, want)
			}
		}
	}
}

// At a large -j the unit is exponential with mean 1/z, up to 1/z²; at a large j it is
// Gaussian.
func TestTruncatedLimits(t *testing.T) {
	for _, z := range []float64{1e3, 1e4, 1e8, 1e150} {
		loose := 100/(z*z) + 1e-14
		gamma, mean := truncated(-z)
		if got := gamma / -math.Log(z); math.Abs(got-1) > loose {
			t.Errorf("Γ(-%v) is %v of -ln z", z, got)
		}
		if got := mean * z; math.Abs(got-1) > loose {
			t.Errorf("mean at -%v is %v/z", z, got)
		}
		for _, v := range []float64{0x1p-33, 0.3, 1 - 0x1p-33} {
			if got := truncatedAbove(-z, v) * z / -math.Log(v); math.Abs(got-1) > loose {
				t.Errorf("at -%v, above x with probability %v: x is %v of that of 1/z e^-zx", z, v, got)
			}
		}
	}
	for _, j := range []float64{1e3, 1e4, 1e8} {
		gamma, mean := truncated(j)
		if want := j*j/2 + halfLog2Pi; math.Abs(gamma-want) > 1e-15*want || mean != j {
			t.Errorf("Γ(%v) = %v, want %v; mean %v", j, gamma, want, mean)
		}
	}
}
