package reference

import (
	"math"

	"ergon/internal/state"
	"ergon/masks"
)

// projection is the rule's, after J ← J + ΔJ:
//
//	J ← J · norm/|J|        of all scale-invariant weights, or
//	J ← J · norm·√share/|J| of each array, with its share of |J|² at the start
type projection struct {
	target  *masks.Target
	all     []*masks.Synapses
	started bool
	shares  []float64
}

// project puts back the weights, which were before, and counts anew what the step changed.
func (r *Updater) project(before [][]float32) {
	if r.projection.target == nil {
		return
	}
	r.projection.put()
	for _, s := range r.projection.all {
		r.changes[s.Layer] = masks.Change{Work: r.changes[s.Layer].Work}
	}
	for _, s := range r.projection.all {
		for i, w := range s.Weights {
			if was := before[s.Index][i]; w != was {
				r.writes.Counts.Add(s.Index, i)
				r.changes[s.Layer].Add(masks.Change{M0: 1, Stored: 1, M1: math.Abs(float64(w) - float64(was))})
			}
		}
	}
}

// start notes the shares before the first step.
func (p *projection) start() {
	if p.target == nil || p.started {
		return
	}
	p.started = true
	for i, s := range p.all {
		p.shares[i] = squared([][]float32{s.Weights}) / squared(weights(p.all))
	}
	p.put()
}

func (p *projection) put() {
	length := norm(weights(p.all))
	for i, s := range p.all {
		scale := p.target.Norm / length
		if p.target.Layers {
			scale = p.target.Norm * math.Sqrt(p.shares[i]) / norm([][]float32{s.Weights})
		}
		if !(scale > 0) || math.IsInf(scale, 0) {
			continue // nothing to put back
		}
		for j := range s.Weights {
			s.Weights[j] *= float32(scale)
		}
	}
}

// weights are those of arrays.
func weights(all []*masks.Synapses) (w [][]float32) {
	for _, s := range all {
		w = append(w, s.Weights)
	}
	return w
}

// State implements state.Stateful, under the names of cpu.Updater.
func (p *projection) State(v state.Visitor) {
	v.JSON("started", &p.started)
	v.Float64s("shares", p.shares)
}
