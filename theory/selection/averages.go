package selection

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"ergon/internal/tails"
	"ergon/theory"
)

// limits are what a selected synapse is above; 0: no limit.
type limits struct {
	error    float64 // |δ|: θ
	input    float64 // |x|: the cut c of a competition; |δ| is the same for all who compete
	gradient float64 // |δ·x|: κ

	competition tails.Tail // of x above the cut
}

// limits returns those of the settings. In a competition the share P(c) wins.
func (s *Selection) limits() (l limits) {
	if s.selects("gate") {
		l.error = s.Theta
	}
	l.input, l.competition = tails.Largest(float64(s.winners()) / float64(s.N))
	if s.selects("threshold") {
		l.gradient = s.Kappa
	}
	return l
}

// averages returns the means over the gradient δ·x of a synapse, δ ~ N(0,v) and x ~ N(0,1)
// independent, as far as it is selected: a = ⟨δ²x²S⟩/v, p = ⟨S⟩ and ⟨|δx|S⟩/√v. That is if
//
//	|δ| > θ   and   |x| > max(c, κ/|δ|).
//
// Above |δ| = κ/c the second condition does not know δ, and averages are products. Below,
// the average over x is known for each δ, and that over δ a sum by Gauss and Legendre.
func (l limits) averages(v float64) tails.Tail {
	deviation := math.Sqrt(max(v, 1e-200))
	gate, kappa := l.error/deviation, l.gradient/deviation
	above := gate
	if kappa > 0 {
		above = max(gate, kappa/l.input) // +Inf without a cut
	}
	mean := tails.Beyond(above).Times(l.competition)
	if gate >= above {
		return mean
	}
	// The density of u = |δ|/√v times that of x at the limit, e^{-(u² + κ²/u²)/2}, has its
	// maximum at √κ and falls from there as e^{-(u - κ/u)²/2}.
	wide := math.Sqrt(reach*reach + 4*kappa)
	least, most := max(gate, 2*kappa/(reach+wide)), min(above, max((reach+wide)/2, math.Hypot(gate, reach)))
	if least >= most {
		return mean
	}
	q := errorSizes(least, most)
	for i, u := range q.X {
		mean.Add(q.Weight[i], u, tails.Beyond(kappa/u))
	}
	return mean
}

// reach is the number of deviations beyond which a Gaussian is nothing.
const reach = 9.0

// errorSizes are values u of |δ|, δ ~ N(0,1), between two of them, with weights, evenly
// spread in ln u: 12 nodes of Gauss and Legendre for each factor e^{1/2} or less.
func errorSizes(least, most float64) (q theory.Quadrature) {
	span := math.Log(most / least)
	panels := math.Ceil(2 * span)
	for panel := range int(panels) {
		for i, at := range unitNodes.X {
			u := least * math.Exp(span*(float64(panel)+at)/panels)
			q.X = append(q.X, u)
			q.Weight = append(q.Weight, unitNodes.Weight[i]*span/panels*u*theory.MeanAbsNormal*math.Exp(-u*u/2))
		}
	}
	return q
}

// unitNodes are those of Gauss and Legendre on [0, 1].
var unitNodes = func() theory.Quadrature {
	const n = 12
	q := theory.Quadrature{X: make([]float64, n), Weight: make([]float64, n)}
	quad.Legendre{}.FixedLocations(q.X, q.Weight, 0, 1)
	return q
}()
