package theory

import (
	"gonum.org/v1/gonum/stat/distuv"
)

// curve is a quantity in time: what theory predicts, and what independent
// simulations of the same thing gave.
type curve struct {
	name      string
	predicted []float64   // [times]
	simulated [][]float64 // [simulations][times]; nil: none
	grain     float64     // of what simulated values are multiples, as shares of a number are; 0: they may be anything
}

// at compares prediction and simulations at one time.
func (c curve) at(t int) quantity {
	q := quantity{name: c.name, predicted: c.predicted[t]}
	if len(c.simulated) == 0 {
		return q
	}
	values := make([]float64, len(c.simulated))
	for i, course := range c.simulated {
		values[i] = course[t]
	}
	q.simulations = []simulation{{"simulated", meanOfShares(values, c.grain, q.predicted)}}
	return q
}

// learning returns the table of curves over times, a row a time, with the
// scalars worst_z and comparisons of [compared] and p_value.
//
// p_value bounds the chance that simulations of a right prediction lie as far
// from it, somewhere on a curve, as the worst of them does: Student's t of as
// many simulations as there are, times the number of comparisons (Bonferroni).
// Points of a curve are correlated, so that it errs towards agreement.
func learning(time string, times []float64, curves ...curve) *Result {
	rows := make([][]quantity, len(times))
	for t, when := range times {
		rows[t] = []quantity{given(time, when)}
		for _, c := range curves {
			rows[t] = append(rows[t], c.at(t))
		}
	}
	result := compared(rows)
	if worst, n := worstOf(rows); n > 0 {
		result.Scalars["p_value"] = Known(chance(worst, n, len(curves[0].simulated)))
	}
	return result
}

// chance bounds the probability that the largest |z| of n comparisons with the
// mean of so many samples reaches worst.
func chance(worst float64, n, samples int) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(samples - 1)}
	return min(1, 2*float64(n)*t.Survival(worst))
}

// each returns the times 0 … n.
func each(n int) []float64 {
	times := make([]float64, n+1)
	for t := range times {
		times[t] = float64(t)
	}
	return times
}
