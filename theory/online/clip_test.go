package online

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"

	"ergon/theory/theorytest"
)

// besselMean is the mean of f(|g|), g the product of two numbers N(0,1), by its density
// K₀(|g|)/π, K₀(g) = ∫₀^∞ e^{-g·cosh t} dt. f may have a kink.
func besselMean(kink float64, f func(g float64) float64) float64 {
	density := func(u float64) float64 {
		g := math.Exp(u)
		k := math.Exp(-g) / 2
		for t := 1. / 16; g*math.Cosh(t) < 50; t += 1. / 16 {
			k += math.Exp(-g * math.Cosh(t))
		}
		return 2 / math.Pi * k / 16 * g * f(g)
	}
	return quad.Fixed(density, -30, math.Log(kink), 80, nil, 0) + quad.Fixed(density, math.Log(kink), 4, 40, nil, 0)
}

// The averages over a clipped gradient, by another integral.
func TestClip(t *testing.T) {
	for _, bound := range []float64{0.05, 0.5, 1, 3} {
		got := clippedAverages(bound)
		theorytest.Near(t, "a", got.along, besselMean(bound, func(g float64) float64 { return g * min(g, bound) }), 1e-10)
		theorytest.Near(t, "c", got.square, besselMean(bound, func(g float64) float64 { return min(g, bound) * min(g, bound) }), 1e-10)
		theorytest.Near(t, "⟨|clip(g)|⟩", got.size, besselMean(bound, func(g float64) float64 { return min(g, bound) }), 1e-10)
	}
}

// What is known without integrals: no clip, a tight one, and derivatives.
func TestClipLimits(t *testing.T) {
	for _, bound := range []float64{60, math.Inf(1)} {
		wide := clippedAverages(bound)
		theorytest.Near(t, "a", wide.along, 1, 1e-12)
		theorytest.Near(t, "c", wide.square, 1, 1e-12)
		theorytest.Near(t, "⟨|g|⟩", wide.size, 2/math.Pi, 1e-12)
	}
	const tight = 1e-6
	narrow := clippedAverages(tight)
	theorytest.Near(t, "a", narrow.along, tight*2/math.Pi, 1e-4)
	theorytest.Near(t, "c", narrow.square, tight*tight, 1e-4)
	theorytest.Near(t, "⟨|clip(g)|⟩", narrow.size, tight, 1e-4)
	// d⟨clip²⟩/dκ = 2κ·P(|g|>κ), d⟨|clip|⟩/dκ = P(|g|>κ).
	for _, bound := range []float64{0.1, 0.7, 2} {
		const h = 1e-3
		up, down := clippedAverages(bound+h), clippedAverages(bound-h)
		theorytest.Near(t, "dc/dκ", up.square-down.square, 2*bound*(up.size-down.size), 1e-5)
	}
}
