package unit

import (
	"math"
	"slices"

	"ergon/internal/schema"
)

// ReLU is a unit of x ≥ 0 with U = x²/2: a Gaussian about I that stops at zero, Γ(I) =
// ln √(π/2) erfcx(-I/√2), where erfcx(z) = e^(z²) erfc(z).
type ReLU struct{}

var _ Bounded = ReLU{}

func init() {
	Kinds.Register("relu", schema.Doc{
		Summary: "numbers from 0 on, a Gaussian of variance 1 about the field that stops at zero",
		Source:  "Tubiana & Monasson 2017; Nair & Hinton 2010 has an approximation of it",
	}, func() Unit { return ReLU{} })
}

// States implements Unit.
func (ReLU) States() int { return 1 }

// Potential implements Unit.
func (ReLU) Potential(x []float64) float64 {
	for _, v := range x {
		if v < 0 {
			return math.Inf(1)
		}
	}
	return halfSquares(x)
}

// Range implements Bounded.
func (ReLU) Range() string { return "0 or more" }

// Outside implements Bounded.
func (ReLU) Outside(x []float32) int {
	return slices.IndexFunc(x, func(v float32) bool { return !(v >= 0) })
}

// LogPartition implements Unit.
func (ReLU) LogPartition(fields []float64) (sum float64) {
	for _, f := range fields {
		gamma, _ := truncated(f)
		sum += gamma
	}
	return sum
}

// Mean implements Unit.
func (ReLU) Mean(mean, fields []float64) {
	for i, f := range fields {
		_, mean[i] = truncated(f)
	}
}

// Sample implements Unit.
func (ReLU) Sample(x, fields []float64, words []uint32) {
	for i, f := range fields {
		x[i] = truncatedAbove(f, 1-uniform(words[i]))
	}
}
