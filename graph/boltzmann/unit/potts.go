package unit

import (
	"fmt"
	"math"
	"slices"

	"ergon/internal/schema"
)

// Potts is a unit of q states: q neighbouring numbers, of which one is 1 and the others are
// 0, with U = 0. Γ = ln Σ e^I over its q fields, and its means are their softmax.
type Potts struct {
	Q int `key:"states" doc:"states q of a unit, so many neighbouring numbers" in:"[2,65536]"`
}

var _ Bounded = (*Potts)(nil)

func init() {
	Kinds.Register("potts", schema.Doc{
		Summary:    "one of q states, written as q numbers of which one is 1",
		Source:     "Potts 1952; Salakhutdinov, Mnih & Hinton 2007 (softmax units)",
		Definition: "A layer of n numbers has n/q units. A constant that is added to all q fields of a unit changes nothing but Γ.",
	}, func() Unit { return &Potts{Q: 3} })
}

// States implements Unit.
func (p *Potts) States() int { return p.Q }

// Potential implements Unit: 0 for all x, so that means have an energy too.
func (p *Potts) Potential([]float64) float64 { return 0 }

// Range implements Bounded.
func (p *Potts) Range() string {
	return fmt.Sprintf("%d neighbouring numbers from 0 on whose sum is 1", p.Q)
}

// Outside implements Bounded: of a unit whose sum is not 1 it is the first number.
func (p *Potts) Outside(x []float32) int {
	const rounding = 1e-5 // of a sum of float32 numbers that are means
	for lo := 0; lo < len(x); lo += p.Q {
		sum := 0.0
		for k, v := range x[lo : lo+p.Q] {
			if !(v >= 0) {
				return lo + k
			}
			sum += float64(v)
		}
		if !(math.Abs(sum-1) <= rounding) {
			return lo
		}
	}
	return -1
}

// LogPartition implements Unit.
func (p *Potts) LogPartition(fields []float64) (sum float64) {
	for unit := range slices.Chunk(fields, p.Q) {
		largest, weights := slices.Max(unit), 0.0
		for _, f := range unit {
			weights += math.Exp(f - largest)
		}
		sum += largest + math.Log(weights)
	}
	return sum
}

// Mean implements Unit.
func (p *Potts) Mean(mean, fields []float64) {
	for lo := 0; lo < len(fields); lo += p.Q {
		m := mean[lo : lo+p.Q]
		sum := boltzmannWeights(m, fields[lo:lo+p.Q])
		for k := range m {
			m[k] /= sum
		}
	}
}

// Sample implements Unit. Fields that are no numbers give a unit without a state, q zeros.
func (p *Potts) Sample(x, fields []float64, words []uint32) {
	for lo := 0; lo < len(fields); lo += p.Q {
		weights := x[lo : lo+p.Q]
		sum := boltzmannWeights(weights, fields[lo:lo+p.Q])
		state := quantile(weights, uniform(words[lo])*sum)
		clear(weights)
		if state < p.Q {
			weights[state] = 1
		}
	}
}

// boltzmannWeights writes e^(I - max I) of the fields of a unit to weights and returns their
// sum.
func boltzmannWeights(weights, fields []float64) (sum float64) {
	largest := slices.Max(fields)
	for k, f := range fields {
		weights[k] = math.Exp(f - largest)
		sum += weights[k]
	}
	return sum
}

// quantile returns the first state with which the sum of the weights exceeds at, len(weights)
// if there is none. States without weight are never returned.
func quantile(weights []float64, at float64) int {
	sum := 0.0
	for k, w := range weights {
		if sum += w; at < sum {
			return k
		}
	}
	return len(weights)
}
