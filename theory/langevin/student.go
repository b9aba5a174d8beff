package langevin

import (
	"fmt"
	"math"

	"ergon/internal/philox"
	"ergon/theory"
)

// A student learns at several temperatures at once, with the same presentations, masks
// and thermal noise but for its strength. Only v = w - w* matters.
type student struct {
	*Langevin
	inputs, labels, thermal, mask philox.Stream
	threshold                     uint64
	deviations                    []float64   // √(2kTη) of each temperature
	v, gradients                  [][]float64 // [temperatures][N]
	x, noise                      []float32   // [N]
	plastic                       []uint64    // the mask, one bit for each synapse
}

// student returns student number i, at w = w*, with the temperatures of the settings
// and, last, temperature zero.
func (l *Langevin) student(i int) *student {
	stream := func(name string) philox.Stream {
		return philox.New(l.Seed, fmt.Sprintf("langevin/%d/%s", i, name))
	}
	s := &student{
		Langevin: l, threshold: philox.Threshold(l.P),
		inputs: stream("inputs"), labels: stream("labels"), thermal: stream("thermal"), mask: stream("mask"),
		x: make([]float32, l.N), noise: make([]float32, l.N), plastic: make([]uint64, (l.N+63)/64),
	}
	for _, ratio := range append(l.Ratios[:len(l.Ratios):len(l.Ratios)], 0) {
		s.deviations = append(s.deviations, math.Sqrt(2*ratio*l.Threshold()*l.LearningRate))
		s.v, s.gradients = append(s.v, make([]float64, l.N)), append(s.gradients, make([]float64, l.N))
	}
	return s
}

// step draws the presentations of a step, computes the gradients, and learns.
func (s *student) step(k uint64) {
	for t := range s.v {
		clear(s.gradients[t])
	}
	for b := range uint64(s.Batch) {
		s.inputs.Normals(k, b*uint64(s.N), s.x)
		label := s.Noise * s.labels.Normal(k, b)
		for t, v := range s.v {
			delta := (theory.Dot(v, s.x) - label) / float64(s.Batch)
			for i, x := range s.x {
				s.gradients[t][i] += delta * float64(x)
			}
		}
	}
	s.thermal.Normals(k, 0, s.noise)
	s.mask.Below(k, 0, s.threshold, s.plastic)
	for t := range s.v {
		s.learn(t)
	}
}

// learn changes the synapses at temperature number t.
func (s *student) learn(t int) {
	v, g := s.v[t], s.gradients[t]
	for i, xi := range s.noise {
		plastic := s.plastic[i/64]>>(i%64)&1 == 1
		if plastic {
			v[i] -= s.LearningRate * g[i]
		}
		if plastic || s.Bath == "all" {
			v[i] += s.deviations[t] * float64(xi)
		}
	}
}

// work returns Σ over the plastic synapses of η·g² at temperature number t.
func (s *student) work(t int) (sum float64) {
	for i, g := range s.gradients[t] {
		if s.plastic[i/64]>>(i%64)&1 == 1 {
			sum += g * g
		}
	}
	return s.LearningRate * sum
}
