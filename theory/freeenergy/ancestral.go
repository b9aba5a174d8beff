package freeenergy

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/philox"
)

// elasticSamples are means of what is observed of a network. The samples are independent
// of each other.
type elasticSamples struct {
	energy, scaling []float64   // [samples]
	noise           [][]float64 // [units][samples], squared strains
}

func newElasticSamples(units, samples int) *elasticSamples {
	s := &elasticSamples{energy: make([]float64, samples), scaling: make([]float64, samples)}
	for range units {
		s.noise = append(s.noise, make([]float64, samples))
	}
	return s
}

// add adds an observation, times share, to sample k.
func (e *elasticSamples) add(k int, n *elasticNet, s *elasticState, share float64) {
	e.energy[k] += share * s.energy
	e.scaling[k] += share * n.scaling(s)
	for i, delta := range s.strain {
		e.noise[i][k] += share * delta * delta
	}
}

// ancestralBlocks is the number of blocks into which ancestral samples are averaged.
const ancestralBlocks = 256

// ancestral samples the units of network number i in the order in which they
// drive each other: x = f(y) + δ with ⟨δ²⟩ = kT/κ. It also returns the moments of each
// activity.
func (f *FreeEnergy) ancestral(ctx context.Context, i int, n *elasticNet) (*elasticSamples, []moments) {
	stream := philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/ancestral", i))
	blocks := min(ancestralBlocks, f.Simulate)
	samples, activities := newElasticSamples(len(n.stiffness), blocks), make([]moments, len(n.stiffness))
	state := n.state()
	for k := range f.Simulate {
		if k%1024 == 0 && ctx.Err() != nil {
			break
		}
		f.draw(n, state, stream, uint64(k))
		n.update(state)
		block := k % blocks
		samples.add(block, n, state, 1/float64((f.Simulate-block+blocks-1)/blocks))
		for u, x := range state.x {
			activities[u].add(x)
		}
	}
	return samples, activities
}

// draw draws the activities of sample k, layer by layer.
func (f *FreeEnergy) draw(n *elasticNet, s *elasticState, stream philox.Stream, k uint64) {
	for l, layer := range n.layers {
		n.drive(l, s)
		for u := layer.from; u < layer.from+layer.out; u++ {
			noise := math.Sqrt(f.Temperature/n.stiffness[u]) * stream.Normal(k, uint64(u))
			s.x[u] = n.activation.value(s.y[u]) + noise
		}
	}
}

// moments are running sums for the mean and the variance of a number.
type moments struct{ n, sum, squares float64 }

func (m *moments) add(x float64) {
	m.n, m.sum, m.squares = m.n+1, m.sum+x, m.squares+x*x
}

func (m *moments) mean() float64 { return m.sum / m.n }

func (m *moments) variance() float64 { return m.squares/m.n - m.mean()*m.mean() }
