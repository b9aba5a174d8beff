package likelihood

import (
	"fmt"
	"math"

	"ergon/graph/boltzmann"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// Mean is a mean over examples.
type Mean struct {
	Value         float64
	StandardError float64 // deviation over √n; NaN of one example
}

func newMean(x []float64) Mean {
	n, m, square := float64(len(x)), mean(x), 0.0
	for _, v := range x {
		square += (v - m) * (v - m)
	}
	return Mean{m, math.Sqrt(square / (n - 1) / n)}
}

// PseudoLogLikelihood returns the mean over rows [n,V] of
//
//	Σ_i ln p(v_i | all other v) = Σ_i ln σ(F(v with unit i flipped) - F(v)),
//
// in nats per example (Besag 1975); over V it is per unit. It takes no Z, and n·V·H steps. It is an
// error unless visible units are 0 or 1: of others a flip says nothing.
func PseudoLogLikelihood(pool *parallel.Pool, m *boltzmann.Machine, rows []float32) (Mean, error) {
	return pseudo(pool, m, rows, func(c *conditional, _ int) (sum float64) {
		for i := range c.v {
			sum += c.lnProbability(i)
		}
		return sum
	})
}

// SampledPseudoLogLikelihood is an unbiased estimate of PseudoLogLikelihood in time n·H: V times
// the term of one unit of each example. The stream draws which, for example k by number k of the step.
func SampledPseudoLogLikelihood(pool *parallel.Pool, m *boltzmann.Machine, rows []float32, stream philox.Stream, step uint64) (Mean, error) {
	return pseudo(pool, m, rows, func(c *conditional, example int) float64 {
		return float64(len(c.v)) * c.lnProbability(stream.Intn(step, uint64(example), len(c.v)))
	})
}

// pseudo returns the mean of a term over examples.
func pseudo(pool *parallel.Pool, m *boltzmann.Machine, rows []float32, term func(c *conditional, example int) float64) (Mean, error) {
	n, err := count(m, "rows", rows)
	if err != nil {
		return Mean{}, err
	}
	if !binary(m.VisibleUnits) {
		return Mean{}, fmt.Errorf("likelihood: the pseudo-likelihood flips visible units, which takes units that are 0 or 1; look at the reconstruction instead")
	}
	v := len(m.Visible)
	for i, x := range rows {
		if x != 0 && x != 1 {
			return Mean{}, fmt.Errorf("likelihood: visible unit %d of example %d is %g; the pseudo-likelihood is of examples of 0 and 1: binarise them", i%v, i/v, x)
		}
	}
	terms := make([]float64, n)
	eachRows(pool, n, func(lo, hi int) {
		c := newConditional(m)
		for k := lo; k < hi; k++ {
			c.begin(rows[k*v : (k+1)*v])
			terms[k] = term(c, k)
		}
	})
	return newMean(terms), nil
}

// conditional is the probability of a visible unit given the others.
type conditional struct {
	m               *boltzmann.Machine
	hidden          *units
	v               []float32
	fields, flipped []float64 // of hidden units, as v is and with a unit flipped [H]
	gamma           float64   // Γ(fields)
}

func newConditional(m *boltzmann.Machine) *conditional {
	h := len(m.Hidden)
	return &conditional{m: m, hidden: newUnits(m.HiddenUnits, h), fields: make([]float64, h), flipped: make([]float64, h)}
}

func (c *conditional) begin(v []float32) {
	c.v = v
	c.m.HiddenFields(c.fields, v)
	c.gamma = c.hidden.LogPartition(c.fields)
}

// lnProbability returns ln p(v_i | all others) = -ln(1 + e^(F - F_flipped)).
func (c *conditional) lnProbability(i int) float64 {
	change := float64(1 - 2*c.v[i])
	for j, w := range c.m.W[i*len(c.fields) : (i+1)*len(c.fields)] {
		c.flipped[j] = c.fields[j] + float64(change*float64(w))
	}
	fall := change*float64(c.m.Visible[i]) + c.hidden.LogPartition(c.flipped) - c.gamma // F - F_flipped
	return -(max(fall, 0) + math.Log1p(math.Exp(-math.Abs(fall))))
}
