package likelihood

import (
	"fmt"
	"math"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
)

// restExamples is how many examples of units at rest, under no field, are mixed into the data's
// means: two are Laplace's rule, (Σv + 1)/(n + 2) of binary units. A unit that is always
// silent would else have the bias -∞.
const restExamples = 2

// Biases returns the biases [V] of independent visible units with the means of rows [n,V]: the
// base from which annealing begins nearest to the data (Salakhutdinov and Murray 2008).
// It is an error if no bias gives units such a mean.
func Biases(m *boltzmann.Machine, rows []float32) ([]float64, error) {
	n, err := count(m, "rows", rows)
	if err != nil {
		return nil, err
	}
	v := len(m.Visible)
	means, rest := make([]float64, v), make([]float64, v)
	m.VisibleUnits.Mean(rest, make([]float64, v))
	for i := range means {
		means[i] = restExamples * rest[i]
		for k := range n {
			means[i] += float64(rows[k*v+i])
		}
		means[i] /= float64(n + restExamples)
	}
	biases := make([]float64, v)
	for i, mean := range means {
		if m.VisibleUnits.States() > 1 { // one of the states: Γ' = e^I / Σ e^I
			biases[i] = math.Log(mean)
		} else {
			biases[i] = fieldOf(m.VisibleUnits, mean)
		}
		if math.IsNaN(biases[i]) || math.IsInf(biases[i], 0) {
			return nil, fmt.Errorf("likelihood: no bias gives visible unit %d the mean %g of the data; are they of the unit's kind?", i, mean)
		}
	}
	return biases, nil
}

// farthest is the largest field that fieldOf looks at.
const farthest = 1 << 20

// fieldOf solves Γ'(I) = mean by bisection, as Γ' grows with I; NaN if no field has that mean.
func fieldOf(u unit.Unit, mean float64) float64 {
	activity := func(field float64) float64 {
		var x [1]float64
		u.Mean(x[:], []float64{field})
		return x[0]
	}
	lo, hi := -1.0, 1.0
	for activity(lo) > mean && lo > -farthest {
		lo *= 2
	}
	for activity(hi) < mean && hi < farthest {
		hi *= 2
	}
	if activity(lo) > mean || activity(hi) < mean {
		return math.NaN()
	}
	for range 100 { // from 2²¹ down to the last digit
		middle := (lo + hi) / 2
		if activity(middle) < mean {
			lo = middle
		} else {
			hi = middle
		}
	}
	return (lo + hi) / 2
}
