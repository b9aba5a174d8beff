package unit

import (
	"math"

	"ergon/internal/schema"
)

// Bernoulli is a unit that is 0 or 1, with U = 0: Γ(I) = ln(1 + e^I).
type Bernoulli struct{}

var _ Unit = Bernoulli{}

func init() {
	Kinds.Register("bernoulli", schema.Doc{Summary: "0 or 1"}, func() Unit { return Bernoulli{} })
}

// States implements Unit.
func (Bernoulli) States() int { return 1 }

// Potential implements Unit.
func (Bernoulli) Potential([]float64) float64 { return 0 }

// LogPartition implements Unit.
func (Bernoulli) LogPartition(fields []float64) (sum float64) {
	for _, f := range fields {
		sum += max(f, 0) + math.Log1p(math.Exp(-math.Abs(f)))
	}
	return sum
}

// Mean implements Unit.
func (Bernoulli) Mean(mean, fields []float64) {
	for i, f := range fields {
		mean[i] = 1 / (1 + math.Exp(-f))
	}
}

// Sample implements Unit: 1 where the number is below the mean.
func (Bernoulli) Sample(x, fields []float64, words []uint32) {
	for i, f := range fields {
		x[i] = 0
		if (float64(words[i])+0.5)*0x1p-32 < 1/(1+math.Exp(-f)) {
			x[i] = 1
		}
	}
}
