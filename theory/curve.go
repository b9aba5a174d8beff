package theory

import (
	"gonum.org/v1/gonum/stat/distuv"
)

// Curve is a quantity in time: what theory predicts, and what independent simulations
// gave.
type Curve struct {
	Name      string
	Predicted []float64   // [times]
	Simulated [][]float64 // [simulations][times]; nil: there are none
	Grain     float64     // simulated values are multiples of it, as shares of a number are; 0: they may be any numbers
}

// at returns prediction and simulations at time number t.
func (c Curve) at(t int) Quantity {
	q := Quantity{Name: c.Name, Predicted: c.Predicted[t]}
	if len(c.Simulated) == 0 {
		return q
	}
	values := make([]float64, len(c.Simulated))
	for i, simulation := range c.Simulated {
		values[i] = simulation[t]
	}
	q.Simulations = Simulated(EstimateShare(values, c.Grain, q.Predicted))
	return q
}

// CurveTable returns the table of curves over the times, a row for each, whose first
// column is called time. It has the scalars of [Table] and p_value.
//
// p_value is that of the worst z (see [PValue]). Points of a curve are correlated, so
// that it errs towards agreement.
func CurveTable(time string, times []float64, curves ...Curve) *Result {
	rows := make([][]Quantity, len(times))
	for t, when := range times {
		rows[t] = []Quantity{Value(time, when)}
		for _, c := range curves {
			rows[t] = append(rows[t], c.at(t))
		}
	}
	result := Table(rows)
	if worst, n := WorstZ(rows); n > 0 {
		result.Scalars["p_value"] = Known(PValue(worst, n, len(curves[0].Simulated)))
	}
	return result
}

// PValue bounds the probability that the largest |z| of n comparisons reaches worst although
// the prediction is right, each with the mean of so many samples: Student's t, times the
// number of comparisons (Bonferroni).
func PValue(worst float64, n, samples int) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(samples - 1)}
	return min(1, 2*float64(n)*t.Survival(worst))
}

// Steps returns the times 0, 1, …, n.
func Steps(n int) []float64 {
	times := make([]float64, n+1)
	for t := range times {
		times[t] = float64(t)
	}
	return times
}
