package measure

import (
	"math"
	"slices"

	"ergon/graph"
)

// Reliability is what stochastic synapses pay for being reliable, Cost·Σ σ^-Rho.
type Reliability struct {
	Rho, Cost   float64
	Homogeneous bool // all synapses share one σ
}

// Synapses averages, over the last epochs of a run, the quantities that the σ of
// stochastic synapses is expected to depend on. nil averages nothing.
type Synapses struct {
	spec      Reliability
	from      int         // the first step that is averaged over
	steps     int         // that were averaged over so far
	square    [][]float64 // of each array: Σ g² over steps, g = ∂loss/∂w of a batch
	magnitude [][]float64 // of each array: Σ|g| over steps
	rate      [][]float64 // of each layer: Σ|x| of its inputs, over presentations and the positions of a convolution
	rows      []int       // of each layer: terms of the sums in rate
}

// NewSynapses averages over the training of a model m, from step number from on.
func NewSynapses(spec Reliability, m graph.Model, from int) *Synapses {
	s := &Synapses{spec: spec, from: from}
	for _, l := range m.Layers() {
		s.rate = append(s.rate, make([]float64, l.In))
		for _, a := range [][]float32{l.W, l.B} {
			if a != nil {
				s.square, s.magnitude = append(s.square, make([]float64, len(a))), append(s.magnitude, make([]float64, len(a)))
			}
		}
	}
	s.rows = make([]int, len(s.rate))
	return s
}

// Observe adds the step that p has just run. Its gradients are those of the loss alone,
// at the transmitted weights; in a step whose gate was shut they count as zero.
func (s *Synapses) Observe(step int, p *graph.Program) error {
	if s == nil || step < s.from {
		return nil
	}
	s.steps++
	for l, rate := range s.rate {
		for row := range slices.Chunk(p.Presynaptic(l), len(rate)) {
			s.rows[l]++
			for i, x := range row {
				rate[i] += math.Abs(float64(x))
			}
		}
	}
	if p.Open() == 0 {
		return nil
	}
	for a, parameter := range p.Parameters() {
		gradient, err := gradientOf(parameter)
		if err != nil {
			return err
		}
		square, magnitude := s.square[a], s.magnitude[a]
		for i, x := range gradient {
			g := float64(x)
			square[i] += g * g
			magnitude[i] += math.Abs(g)
		}
	}
	return nil
}

// Means returns H = ⟨g²⟩ and ⟨|g|⟩ of each array, and ⟨|x|⟩ of the units below each
// layer. All are NaN before the first step that is averaged over.
func (s *Synapses) Means() (fisher, gradient, rate [][]float64) {
	for l, n := range s.rows {
		rate = append(rate, divided(s.rate[l:l+1], n)...)
	}
	return divided(s.square, s.steps), divided(s.magnitude, s.steps), rate
}

// divided divides sums by n.
func divided(sums [][]float64, n int) (means [][]float64) {
	for _, sum := range sums {
		mean := make([]float64, len(sum))
		for i, x := range sum {
			mean[i] = x / float64(n)
		}
		means = append(means, mean)
	}
	return means
}
