package langevin

import (
	"fmt"
	"math"

	"ergon/internal/philox"
	"ergon/theory"
)

// A student is learning at several temperatures that see the same presentations,
// masks and thermal noise but for its strength. Only v = w - w* matters.
type student struct {
	*Langevin
	inputs, labels, thermal, mask philox.Stream
	threshold                     uint64
	deviations                    []float64   // √(2kTη) of each temperature
	v, gradients                  [][]float64 // [temperatures][N]
	x, noise                      []float32   // [N]
	plastic                       []uint64    // the mask, a bit a synapse
}

// student returns course number i, at w = w*, with the temperatures of the
// settings and, last, none.
func (l *Langevin) student(i int) *student {
	stream := func(name string) philox.Stream {
		return philox.New(l.Seed, fmt.Sprintf("langevin/%d/%s", i, name))
	}
	c := &student{
		Langevin: l, threshold: philox.Threshold(l.P),
		inputs: stream("inputs"), labels: stream("labels"), thermal: stream("thermal"), mask: stream("mask"),
		x: make([]float32, l.N), noise: make([]float32, l.N), plastic: make([]uint64, (l.N+63)/64),
	}
	for _, ratio := range append(l.Ratios[:len(l.Ratios):len(l.Ratios)], 0) {
		c.deviations = append(c.deviations, math.Sqrt(2*ratio*l.Threshold()*l.LearningRate))
		c.v, c.gradients = append(c.v, make([]float64, l.N)), append(c.gradients, make([]float64, l.N))
	}
	return c
}

// step draws the presentations of a step, computes the gradients, and learns.
func (c *student) step(k uint64) {
	for t := range c.v {
		clear(c.gradients[t])
	}
	for b := range uint64(c.Batch) {
		c.inputs.Normals(k, b*uint64(c.N), c.x)
		label := c.Noise * c.labels.Normal(k, b)
		for t, v := range c.v {
			delta := (theory.Dot(v, c.x) - label) / float64(c.Batch)
			for i, x := range c.x {
				c.gradients[t][i] += delta * float64(x)
			}
		}
	}
	c.thermal.Normals(k, 0, c.noise)
	c.mask.Below(k, 0, c.threshold, c.plastic)
	for t := range c.v {
		c.learn(t)
	}
}

// learn changes the synapses at temperature number t.
func (c *student) learn(t int) {
	v, g := c.v[t], c.gradients[t]
	for i, xi := range c.noise {
		plastic := c.plastic[i/64]>>(i%64)&1 == 1
		if plastic {
			v[i] -= c.LearningRate * g[i]
		}
		if plastic || c.Bath == "all" {
			v[i] += c.deviations[t] * float64(xi)
		}
	}
}

// work returns Σ over the plastic synapses of η·g² at temperature number t.
func (c *student) work(t int) (sum float64) {
	for i, g := range c.gradients[t] {
		if c.plastic[i/64]>>(i%64)&1 == 1 {
			sum += g * g
		}
	}
	return c.LearningRate * sum
}
