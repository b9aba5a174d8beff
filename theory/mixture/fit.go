package mixture

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// A fit gives a sample of a noise exactly the averages that are known of it: no
// product with lists that are orthonormal already, and a square. That of
//
//	s·Λ' = ⟨s⟩Λ' + ε,   M·clip(G) = p·clip(G) + ε
//
// has on average no product with anything Gaussian nor with the noise of other
// steps. With its averages exact, weights that are not clipped have exactly the
// second moments of the theory, whatever the number of paths, and others have
// them with little noise.
type fit struct {
	along []float64 // products with the lists
	scale float64   // what then makes the square 1
	root  float64   // of the square that the noise has to have
}

// products returns the sums of a list's products with others, and with itself.
func products(list []float64, others [][]float64) []float64 {
	sums := make([]float64, len(others)+1)
	for k, other := range others {
		sums[k] = floats.Dot(list, other)
	}
	sums[len(others)] = floats.Dot(list, list)
	return sums
}

// fitted returns the fit of a noise whose mean products are given, itself last, to
// the given square.
func fitted(products []float64, square float64) fit {
	last := len(products) - 1
	f := fit{along: products[:last], root: math.Sqrt(square)}
	if left := products[last] - floats.Dot(f.along, f.along); left > 0 {
		f.scale = 1 / math.Sqrt(left)
	}
	return f
}

// apply makes the list orthogonal to the others, with the square 1.
func (f fit) apply(list []float64, others [][]float64) {
	for k, other := range others {
		floats.AddScaled(list, -f.along[k], other)
	}
	floats.Scale(f.scale, list)
}
