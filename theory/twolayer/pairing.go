package twolayer

import (
	"math"

	"ergon/theory/committee"
)

// pairing says for each of the teacher's units which of the student's units learns it. It
// is the same at all times, so that specialisation is smooth in the overlaps and its
// mean over simulations can be compared with the prediction.
type pairing struct {
	nearest []int       // [M]
	sign    [][]float64 // [K][M], of v_k·A_n: a unit of the other sign is near where it points away
}

// newPairing pairs each of the teacher's units with the student's unit that is nearest to it
// in a state.
func newPairing(s committee.State, l *committee.Learning) pairing {
	p := pairing{nearest: make([]int, len(l.A))}
	for k, v := range s.V {
		p.sign = append(p.sign, nil)
		for _, a := range l.A {
			p.sign[k] = append(p.sign[k], math.Copysign(1, v*a))
		}
	}
	for n := range p.nearest {
		for k := range s.R {
			if p.cosine(s, k, n) > p.cosine(s, p.nearest[n], n) {
				p.nearest[n] = k
			}
		}
	}
	return p
}

// cosine is that between the weights of the student's unit k and the teacher's
// unit n, 0 for a unit without weights.
func (p pairing) cosine(s committee.State, k, n int) float64 {
	if s.Q[k][k] <= 0 {
		return 0
	}
	return p.sign[k][n] * s.R[k][n] / math.Sqrt(s.Q[k][k])
}

// specialisation is the mean over the teacher's units of the cosine with the unit
// that learns it, less the mean of those with the others: 0 on a plateau, where all
// are alike, 1 where each has a unit of its own.
func (p pairing) specialisation(s committee.State) (mean float64) {
	for n, nearest := range p.nearest {
		own, others := 0.0, 0.0
		for k := range s.R {
			if cosine := p.cosine(s, k, n); k == nearest {
				own = cosine
			} else {
				others += cosine / float64(len(s.R)-1)
			}
		}
		mean += (own - others) / float64(len(p.nearest))
	}
	return mean
}
