package masks

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/simd"
)

// Factored is a parameter whose gradient is a product, dW = xᵀ·dz, that has not
// been computed yet. A rule that changes few synapses, or sees a single
// presentation, need not have it written out: it learns from the factors.
type Factored interface {
	G.ValueGrad
	// Factors returns x [B,In] and dz [B,Out]; ok is false where the gradient is
	// there already, or is no product.
	Factors() (x, dz []float32, ok bool)
	// Part computes the gradient of the synapses between the units pre and post,
	// both ascending, into part [|pre|,|post|]. nil is every unit.
	Part(pre, post []int32, part []float32) error
	// Each computes the gradient in blocks and hands each to learn while it is in
	// cache: rows [r0,r1) and columns [c0,c1), in rows of stride numbers from dw on.
	// Blocks cover the gradient, and may be handed over at the same time.
	Each(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error
}

// GradientFree is a Mask that does not look at gradients, or has those that it looks
// at written out ([Synapses.write]) when it is begun.
type GradientFree interface{ GradientFree() }

func (full) GradientFree()           {}
func (frozen) GradientFree()         {}
func (*bernoulli) GradientFree()     {}
func (*neurons) GradientFree()       {}
func (*subnet) GradientFree()        {}
func (*alternating) GradientFree()   {}
func (*perClass) GradientFree()      {}
func (*fixedSynapses) GradientFree() {}
func (*competitive) GradientFree()   {}

// spares says whether a rule can do without gradients that are written out: its
// updates are multiples of them, and its masks do not look.
func (u *Updater) spares() bool {
	if _, plain := u.optimizer.(*sgd); !plain || u.transmission != nil || u.proposed != nil {
		return false
	}
	for _, m := range u.masks {
		if _, ok := m.(GradientFree); !ok {
			return false
		}
	}
	return true
}

// pending is a gradient that is not written out.
type pending struct {
	source Factored // nil: it is written out, or there is nothing to write
	x, dz  []float32
	outer  bool      // a single presentation's: learn from x and dz
	blocks bool      // learn from the blocks of the gradient as they are computed
	grid   Submatrix // else learn from part, the gradient of the synapses between
	part   []float32 // these units [|pre|,|post|]
}

// Factored reports whether the array is learned from factors or a part.
func (s *Synapses) Factored() bool { return s.pending.source != nil }

// Write has an array's gradient computed, unless it was.
func (s *Synapses) Write() error {
	if !s.Factored() {
		return nil
	}
	gradient, err := s.pending.source.Grad()
	if err != nil {
		return err
	}
	g, ok := gradient.(*tensor.Dense)
	if !ok || g.DataSize() != s.In*s.Out {
		return fmt.Errorf("masks: a gradient does not have the %d×%d synapses of layer %d", s.In, s.Out, s.Layer+1)
	}
	s.Gradient, s.pending.source, s.pending.blocks = g.Float32s(), nil, false
	return nil
}

// postpone leaves an array's gradient for later, if it is a product.
func (s *Synapses) postpone(p G.ValueGrad) bool {
	f, ok := p.(Factored)
	if !ok {
		return false
	}
	x, dz, ok := f.Factors()
	if !ok || len(x)*s.Out != len(dz)*s.In {
		return false
	}
	s.Gradient = nil
	s.pending = pending{source: f, x: x, dz: dz, outer: len(x) == s.In, part: s.pending.part}
	return true
}

// evaluate decides, once the masks of the step are drawn, what every array is
// learned from.
func (u *Updater) evaluate() error {
	for a, s := range u.all {
		if u.findSets(a); !s.Factored() || s.pending.outer {
			continue
		}
		if s.pending.blocks = u.learnsInBlocks(a); s.pending.blocks {
			continue
		}
		g, ok := u.gridOf(a)
		if !ok || !g.worthwhile(s) {
			if err := s.Write(); err != nil {
				return err
			}
			continue
		}
		if err := s.computePart(g); err != nil {
			return err
		}
	}
	return nil
}

// computePart has the gradient between the units of a grid computed.
func (s *Synapses) computePart(g Submatrix) error {
	rows, columns := g.Size(s)
	s.pending.grid = g
	if rows*columns == 0 {
		return nil
	}
	if s.pending.part == nil {
		s.pending.part = make([]float32, s.In*s.Out)
	}
	return s.pending.source.Part(g.Rows, g.Columns, s.pending.part[:rows*columns])
}

// proposePart writes the updates of the synapses of [lo,hi) that the grid keeps:
// a stretch of the part, whose rows and columns ascend as the synapses do.
func (s *Synapses) proposePart(lo int, delta []float32, minus float32) {
	before := s.pending.grid.Before(s, lo)
	simd.Scale(delta, s.pending.part[before:before+len(delta)], minus)
}
