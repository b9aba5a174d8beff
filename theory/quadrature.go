package theory

// quadrature is a distribution as points with weights: sums over them are means.
type quadrature struct{ x, weight []float64 }

// mean returns the mean of f, a function of the points' numbers.
func (q quadrature) mean(f func(i int) float64) (sum float64) {
	for i, weight := range q.weight {
		sum += weight * f(i)
	}
	return sum
}
