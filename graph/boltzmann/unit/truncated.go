package unit

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The functions here are of a Gaussian that stops at zero: x ≥ 0 with density ∝
// e^(xj - x²/2), the upper tail of N(j, 1). All are made of the ratio of tail and density of
// N(0, 1) (Mills 1926), with z = -j,
//
//	R(z) = Q(z)/φ(z) = √(π/2) e^(z²/2) erfc(z/√2) = ∫₀^∞ e^(xj - x²/2) dx.

const (
	far     = 6  // z from which R is taken as a continued fraction: its factors lose digits
	farther = 30 // z from which quantiles are searched for: Q(z) is about to be zero
)

// truncated returns Γ = ln R(-j) and the mean Γ' = j + 1/R(-j).
func truncated(j float64) (gamma, mean float64) {
	if z := -j; z >= far {
		mean = excess(z)
		return -math.Log(z + mean), mean
	}
	ratio := math.Sqrt(math.Pi/2) * math.Erfc(-j/math.Sqrt2) // but for e^(z²/2)
	return j*j/2 + math.Log(ratio), j + math.Exp(-j*j/2)/ratio
}

// excess returns 1/R(z) - z, which is the mean at the field -z, for z ≥ far: of R's continued
// fraction 1/(z+1/(z+2/(z+3/…))) (Laplace 1805) the part 1/(z+2/(z+3/…)), in which nothing
// is subtracted. After 20 levels it is right to 10^-15.
func excess(z float64) (m float64) {
	for level := 20.0; level > 0; level-- {
		m = level / (z + m)
	}
	return m
}

// truncatedAbove returns the x that the unit is above with probability v, 0 < v ≤ 1.
func truncatedAbove(j, v float64) float64 {
	if z := -j; z >= farther {
		return farAbove(z, v)
	}
	above := v * tail(-j)
	if above > 0.5 { // from below: 1-above would lose its digits
		return max(0, j+mathext.NormalQuantile((1-v)+v*tail(j)))
	}
	return max(0, j-mathext.NormalQuantile(above))
}

// tail returns Q(z), the probability of N(0, 1) above z.
func tail(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }

// farAbove is truncatedAbove where x is nearly exponential: it solves -ln v = g(x) =
// ln Q(z) - ln Q(z+x) = zx + x²/2 + ln(R(z)/R(z+x)) by Newton's method. g' = 1/R(z+x) =
// h(z+x), and h' = h(h-z). From the root of g to second order, two steps are more than
// enough.
func farAbove(z, v float64) float64 {
	m, e := excess(z), -math.Log(v)
	h := z + m
	x := 2 * e / (h + math.Sqrt(h*h+2*h*m*e))
	for range 2 {
		beyond := excess(z + x)
		g := z*x + x*x/2 + math.Log1p((x+beyond-m)/h)
		x = max(0, x-(g-e)/(z+x+beyond))
	}
	return x
}
