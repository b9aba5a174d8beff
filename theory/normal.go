package theory

import (
	"math"

	"ergon/internal/philox"
)

// MeanAbsNormal is ⟨|x|⟩ of x ~ N(0,1), √(2/π): ⟨|x|⟩/√⟨x²⟩ of any Gaussian of mean 0.
var MeanAbsNormal = math.Sqrt(2 / math.Pi)

// Normals returns the first n numbers N(0,1) of a stream.
func Normals(stream philox.Stream, n int) []float64 {
	numbers := make([]float64, n)
	for i := range numbers {
		numbers[i] = stream.Normal(0, uint64(i))
	}
	return numbers
}
