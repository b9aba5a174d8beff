package selection

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"

	"ergon/internal/tails"
	"ergon/theory/theorytest"
)

// besselBeyond is the mean of f(|g|) over |g| > κ, g the product of two numbers N(0,1), by
// its density K₀(|g|)/π, K₀(g) = ∫₀^∞ e^{-g·cosh t} dt.
func besselBeyond(kappa float64, f func(g float64) float64) float64 {
	return quad.Fixed(func(u float64) float64 {
		g := math.Exp(u)
		k := math.Exp(-g) / 2
		for t := 1. / 16; g*math.Cosh(t) < 60; t += 1. / 16 {
			k += math.Exp(-g * math.Cosh(t))
		}
		return 2 / math.Pi * k / 16 * g * f(g)
	}, math.Log(kappa), math.Log(kappa+50), 120, nil, 0)
}

// The averages of a threshold, by another integral.
func TestThresholdAverages(t *testing.T) {
	for _, kappa := range []float64{0.01, 0.3, 1, 2, 8} {
		for _, v := range []float64{0.25, 1} {
			deviation := math.Sqrt(v)
			got := limits{gradient: kappa, competition: tails.Beyond(0)}.averages(v)
			theorytest.Near(t, "p", got.Share, besselBeyond(kappa/deviation, func(float64) float64 { return 1 }), 1e-9)
			theorytest.Near(t, "⟨|g|⟩", got.Size, besselBeyond(kappa/deviation, func(g float64) float64 { return g }), 1e-9)
			theorytest.Near(t, "a", got.Square, besselBeyond(kappa/deviation, func(g float64) float64 { return g * g }), 1e-9)
		}
	}
}

// Averages of all three limits, by sums on a fine grid of δ; the limits that no pair of them
// replaces.
func TestProducts(t *testing.T) {
	for _, l := range []limits{
		{error: 0.5, input: 1.5}, {error: 0.5, gradient: 1}, {input: 1.5, gradient: 1}, {input: 1.5, gradient: 4},
		{error: 0.3, input: 1, gradient: 2}, {error: 3, input: 1, gradient: 2}, {error: 2.5, gradient: 0.01},
	} {
		const v, steps = 1.7, 400_000
		l.competition = tails.Beyond(l.input)
		var want tails.Tail
		for i := range steps {
			u := 12 * (float64(i) + 0.5) / steps
			delta := u * math.Sqrt(v)
			if delta <= l.error {
				continue
			}
			weight := 2 * math.Exp(-u*u/2) / math.Sqrt(2*math.Pi) * 12 / steps
			part := tails.Beyond(max(l.input, l.gradient/delta))
			want.Square, want.Share, want.Size = want.Square+weight*u*u*part.Square, want.Share+weight*part.Share, want.Size+weight*u*part.Size
		}
		got := l.averages(v)
		theorytest.Near(t, "a", got.Square, want.Square, 1e-4)
		theorytest.Near(t, "p", got.Share, want.Share, 1e-4)
		theorytest.Near(t, "⟨|g|⟩", got.Size, want.Size, 1e-4)
	}
}
