package online

import (
	"math"

	"ergon/theory"
)

// averages are means over the gradient g = δ·x of a synapse that is clipped at some bound,
// δ and x independent and N(0,1). If δ has the deviation v, they are these at the bound
// κ/v, times v² (along, square) and v (size).
type averages struct {
	along  float64 // a = ⟨g·clip(g)⟩
	square float64 // c = ⟨clip(g)²⟩
	size   float64 // ⟨|clip(g)|⟩
}

// clippedAverages returns the averages at a bound. Those over x are known for each δ; with
// r = bound/|δ| they are
//
//	⟨g·clip(g)⟩ = δ²·erf(r/√2),
//	⟨clip(g)²⟩  = δ²·[erf(r/√2) - √(2/π)·r·e^{-r²/2}] + bound²·erfc(r/√2),
//	⟨|clip(g)|⟩ = √(2/π)·|δ|·(1 - e^{-r²/2}) + bound·erfc(r/√2);
//
// those over δ are sums over [errorSizes], good to 10⁻¹².
func clippedAverages(bound float64) averages {
	if bound > 1e100 { // no gradient reaches it, and its square would overflow
		return averages{1, 1, 2 / math.Pi}
	}
	var mean averages
	for i, delta := range errorSizes.X {
		r := bound / delta
		inside, outside := math.Erf(r/math.Sqrt2), math.Erfc(r/math.Sqrt2)
		edge := math.Exp(-r * r / 2)
		weight := errorSizes.Weight[i]
		mean.along += weight * delta * delta * inside
		mean.square += weight * (delta*delta*(inside-theory.MeanAbsNormal*r*edge) + bound*bound*outside)
		mean.size += weight * (theory.MeanAbsNormal*delta*-math.Expm1(-r*r/2) + bound*outside)
	}
	return mean
}

// errorSizes are values of |δ|, δ ~ N(0,1), with weights. In u = ln|δ| the density and what
// is averaged are analytic for |Im u| < π/4 and vanish at both ends, so that the
// trapezoidal rule with steps of 1/10 errs by e^{-5·10}; below e^{-15} and above e^{2.2}
// there is nothing left.
var errorSizes = func() (e theory.Quadrature) {
	for u := -150; u <= 22; u++ {
		x := math.Exp(float64(u) / 10)
		e.X = append(e.X, x)
		e.Weight = append(e.Weight, theory.MeanAbsNormal*math.Exp(-x*x/2)*x/10)
	}
	return e
}()

// Stationary returns e∞, where 2a·e = η·c, infinite where learning diverges. With a
// clip it is the only such point but zero, which is one without noise: then e∞ is
// zero for η ≤ 2, small errors being not clipped.
func (o *Online) Stationary() float64 {
	rate, bound := o.effective()
	noise := o.Noise * o.Noise
	switch {
	case math.IsInf(bound, 1) && o.LearningRate >= o.Stability():
		return math.Inf(1)
	case math.IsInf(bound, 1):
		return rate * noise / (2 - rate)
	case noise == 0 && rate <= 2:
		return 0
	}
	shrinks := func(e float64) bool {
		v := e + noise
		mean := clippedAverages(bound / math.Sqrt(v))
		return 2*mean.along*e > rate*v*mean.square
	}
	low, high := -700.0, 1.0 // ln e
	for !shrinks(math.Exp(high)) {
		high++
	}
	for range 100 {
		if middle := (low + high) / 2; shrinks(math.Exp(middle)) {
			high = middle
		} else {
			low = middle
		}
	}
	return math.Exp(high)
}
