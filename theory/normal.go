package theory

import (
	"math"

	"ergon/internal/philox"
)

// gaussianShape is ⟨|x|⟩/√⟨x²⟩ of a Gaussian.
var gaussianShape = math.Sqrt(2 / math.Pi)

// gaussians returns n numbers N(0,1).
func gaussians(stream philox.Stream, n int) []float64 {
	numbers := make([]float64, n)
	for i := range numbers {
		numbers[i] = stream.Normal(0, uint64(i))
	}
	return numbers
}
