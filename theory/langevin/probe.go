package langevin

import (
	"fmt"

	"ergon/internal/philox"
	"ergon/theory"
)

const (
	probeEvery = 50 // steps from one observation to the next
	probeSize  = 16 // presentations of an observation
)

// A probe measures mean and noise of the gradient without use of the teacher, from fresh
// presentations that are not learned from.
type probe struct {
	*Langevin
	inputs, labels philox.Stream
	x              []float32 // [probeSize·N]
	labelled       []float64 // [probeSize], s·ξ
	mean           []float64 // [N]
	times          float64   // observations so far
}

func (l *Langevin) probe(i int) *probe {
	return &probe{
		Langevin: l,
		inputs:   philox.New(l.Seed, fmt.Sprintf("langevin/%d/probe/inputs", i)),
		labels:   philox.New(l.Seed, fmt.Sprintf("langevin/%d/probe/labels", i)),
		x:        make([]float32, probeSize*l.N), labelled: make([]float64, probeSize),
		mean: make([]float64, l.N),
	}
}

// observe measures at step k and adds to the sums of student number i.
func (p *probe) observe(k uint64, i int, v [][]float64, means meansByTemperature) {
	p.inputs.Normals(k, 0, p.x)
	for m := range p.labelled {
		p.labelled[m] = p.Noise * p.labels.Normal(k, uint64(m))
	}
	for t := range v {
		norm, mean := p.squares(v[t])
		means[t].norm[i] += norm
		means[t].mean[i] += mean
	}
	p.times++
}

// squares returns unbiased estimates of ⟨|g|²⟩ and |ḡ|²: the square of the mean of
// m gradients is |ḡ|² + tr Σ/m.
func (p *probe) squares(v []float64) (norm, mean float64) {
	clear(p.mean)
	for m, label := range p.labelled {
		x := p.x[m*p.N : (m+1)*p.N]
		delta := theory.Dot(v, x) - label
		for j, value := range x {
			g := delta * float64(value)
			norm += g * g / probeSize
			p.mean[j] += g / probeSize
		}
	}
	return norm, (probeSize*theory.SquaredNorm(p.mean) - norm) / (probeSize - 1)
}

// average turns the sums of student number i into means.
func (p *probe) average(i int, means meansByTemperature) {
	for _, m := range means {
		m.norm[i] /= p.times
		m.mean[i] /= p.times
		m.noise[i] = m.norm[i] - m.mean[i]
	}
}
