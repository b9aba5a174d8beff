package theory

import ()

// Quadrature is a distribution as points X with Weight: means are weighted sums.
type Quadrature struct{ X, Weight []float64 }

// Mean returns the mean of f, a function of the number of a point.
func (q Quadrature) Mean(f func(i int) float64) (sum float64) {
	for i, weight := range q.Weight {
		sum += weight * f(i)
	}
	return sum
}
