// Package cubic replaces smooth functions by pieces of cubics, for loops that
// cannot wait for logarithms.
package cubic

import "math"

// Cubic holds coefficients, the constant term first.
type Cubic [4]float64

// At returns the cubic at u. The conversions forbid fused multiply-add.
func (c *Cubic) At(u float64) float64 {
	return float64((float64((float64(c[3]*u)+c[2])*u)+c[1])*u) + c[0]
}

// Through returns the cubic that is f at the four Chebyshev points of [0, 1].
// Within, it is off by at most max|f⁗|/3072.
func Through(f func(float64) float64) (c Cubic) {
	var x, d [4]float64 // points, divided differences
	for k := range x {
		x[k] = (1 - math.Cos(math.Pi*(2*float64(k)+1)/8)) / 2
		d[k] = f(x[k])
	}
	for order := 1; order < 4; order++ {
		for k := 3; k >= order; k-- {
			d[k] = (d[k] - d[k-1]) / (x[k] - x[k-order])
		}
	}
	for k := 3; k >= 0; k-- { // Newton's form, multiplied out from the inside: c ← c·(u-x) + d
		c = Cubic{d[k] - c[0]*x[k], c[0] - c[1]*x[k], c[1] - c[2]*x[k], c[2] - c[3]*x[k]}
	}
	return c
}
