package unit

import (
	"math"
	"slices"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/simd"
)

// Bernoulli is a unit that is 0 or 1, with U = 0: Γ(I) = ln(1 + e^I).
type Bernoulli struct{}

var (
	_ Fast    = Bernoulli{}
	_ Bounded = Bernoulli{}
)

func init() {
	Kinds.Register("bernoulli", schema.Doc{Summary: "0 or 1"}, func() Unit { return Bernoulli{} })
}

// States implements Unit.
func (Bernoulli) States() int { return 1 }

// Potential implements Unit: 0 for all x, so that data between 0 and 1, taken as means, have
// an energy too.
func (Bernoulli) Potential([]float64) float64 { return 0 }

// Range implements Bounded.
func (Bernoulli) Range() string { return "from 0 to 1" }

// Outside implements Bounded.
func (Bernoulli) Outside(x []float32) int {
	return slices.IndexFunc(x, func(v float32) bool { return !(0 <= v && v <= 1) })
}

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
		if uniform(words[i]) < 1/(1+math.Exp(-f)) {
			x[i] = 1
		}
	}
}

// Potential32 implements Fast.
func (Bernoulli) Potential32([]float32) float64 { return 0 }

// LogPartition32 implements Fast.
func (Bernoulli) LogPartition32(fields []float32) float64 { return simd.SoftplusSum(fields) }

// Mean32 implements Fast, to within 2 units in the last place.
func (Bernoulli) Mean32(mean, fields []float32) { simd.Sigmoid(mean, fields) }

// Sample32 implements Fast. It differs from Sample only where the number of a word is within
// 2 float32 units in the last place of the smaller of p and 1-p from the mean p.
func (Bernoulli) Sample32(x, fields []float32, stream philox.Stream, step, first uint64) {
	head := min(int(-first%4), len(fields)) // to the next block of the cipher
	drawBernoulli(x, fields[:head], stream, step, first)
	x, fields, first = x[head:], fields[head:], first+uint64(head)
	if !simd.BernoulliPhilox(x, fields, stream.Key(), step, first/4) {
		drawBernoulli(x, fields, stream, step, first)
	}
}

// drawBernoulli is Sample32 by words that are written out, for any first.
func drawBernoulli(x, fields []float32, stream philox.Stream, step, first uint64) {
	var words [128]uint32
	for len(fields) > 0 {
		n := min(len(words), len(fields))
		stream.Words(step, first, words[:n])
		simd.Bernoulli(x, fields[:n], words[:n])
		x, fields, first = x[n:], fields[n:], first+uint64(n)
	}
}
