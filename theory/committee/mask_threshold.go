package committee

import "math"

// Threshold lets a synapse change where |δ_k·x| is above Kappa.
type Threshold struct {
	byFields
	Kappa float64
}

var _ Cutting = Threshold{}

// Cuts implements [Cutting].
func (m Threshold) Cuts(errors, cuts []float64) {
	for k, err := range errors {
		cuts[k] = m.Kappa / math.Abs(err)
		if err == 0 {
			cuts[k] = math.Inf(1)
		}
	}
}

// Select implements [Selecting].
func (m Threshold) Select(x, errors []float64, to *Drawn) {
	for k, err := range errors {
		to.mark(k, func(j int) bool { return math.Abs(err*x[j]) > m.Kappa })
		to.Inputs[k] = to.row(k)
	}
}
