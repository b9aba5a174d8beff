package mixture

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"
)

// OracleError returns the least error that is possible for who knows v*.
func (p *Problem) OracleError() float64 { return p.bestError(1) }

// BayesError returns the least mean error that is possible for who has the n
// examples, all the time there is, and a start that says nothing of v*, M0 = 0. The
// posterior mean of v* has the overlap q = ⟨v̂·v*⟩/d = |v̂|²/d with it, and of two
// clusters
//
//	q = α/(α + Δ),   error = ½·erfc(1/√(2Δ(1 + Δ/α))).
//
// Of three clusters the examples of the one in the middle say nothing of v*, and the
// others, α/2 per weight, do not say on which side they are. What is then known of
// sides, q_c, and of v* follow from each other,
//
//	q_c = ⟨tanh(s + √s·z)⟩, s = q/Δ,   q = g/(1 + g), g = (α/2)·q_c/Δ,
//
// (Lesieur, Krzakala, Zdeborová 2017; proved by Miolane 2017, both for matrices of
// rank one): nothing at all can be known up to α/2 = Δ².
func (p *Problem) BayesError() float64 {
	if p.Clusters < 3 {
		return p.bestError(p.Alpha / (p.Alpha + p.Delta))
	}
	return p.bestError(p.blindOverlap())
}

// blindOverlap returns q of three clusters by iteration from above. The map is
// increasing and concave, so that it goes down to the largest solution.
func (p *Problem) blindOverlap() float64 {
	q := 1.0
	for range 100_000 {
		gain := p.Alpha / 2 * sides(q/p.Delta) / p.Delta
		next := gain / (1 + gain)
		if q-next < 1e-13 {
			return next
		}
		q = next
	}
	return q
}

// sides is ⟨tanh(s + √s·z)⟩ of z ~ N(0, 1).
func sides(s float64) float64 {
	root := math.Sqrt(s)
	return quad.Fixed(func(z float64) float64 {
		return math.Tanh(s+root*z) * distuv.UnitNormal.Prob(z)
	}, -9, 9, 200, quad.Legendre{}, 0)
}

// bestError is the error of the best guess for a direction v̂ with the overlap q:
// u = v̂·x/√d is N(q·c, Δq). Of two clusters its sign decides. Of three, a pair is
// likelier than the middle where cosh(u/Δ) > e^(q/2Δ).
func (p *Problem) bestError(q float64) float64 {
	deviation := math.Sqrt(p.Delta * q)
	switch {
	case p.Clusters == 1:
		return 0 // there is one label
	case q < 1e-9:
		return 0.5
	case p.Clusters == 2:
		return below(0, q, deviation)
	}
	edge := p.Delta * acosh(q/(2*p.Delta))
	inside := below(edge, q, deviation) - below(-edge, q, deviation)
	return (2*below(0, edge, deviation) + inside) / 2
}

// acosh returns the x for which cosh x = e^s, s ≥ 0, also where e^s is too large.
func acosh(s float64) float64 { return s + math.Log1p(math.Sqrt(-math.Expm1(-2*s))) }
