package graph

import (
	G "gorgonia.org/gorgonia"
)

// parameter is a weight or bias node with the node of its gradient.
type parameter struct {
	node, gradient *G.Node
	inputs, errors *G.Node   // x and dz of a gradient dW = xᵀ·dz that was left for later, else nil
	later          *deferral // of that gradient
}

var _ G.ValueGrad = (*parameter)(nil)

// defers connects the parameters with what the machine left out.
func (d *derivation) defers(machine G.VM) {
	m, ok := machine.(deferrer)
	if !ok {
		return
	}
	for _, n := range d.Inputs {
		d.sights = append(d.sights, m.sightOf(n))
	}
	for _, one := range d.parameters {
		p := one.(*parameter)
		if p.later = m.deferred(p.gradient); p.later != nil {
			p.inputs, p.errors = factorsOf(d.Graph, p.gradient)
		}
	}
}

// Value implements gorgonia.ValueGrad.
func (p *parameter) Value() G.Value { return p.node.Value() }

// Grad implements gorgonia.ValueGrad. A gradient that the machine has left out
// is computed here, once a Run.
func (p *parameter) Grad() (G.Value, error) {
	if p.later != nil {
		if err := p.later.evaluate(); err != nil {
			return nil, err
		}
	}
	return p.gradient.Value(), nil
}

// Factors returns x [B·Rows,In] and dz [B·Rows,Out] of a gradient dW = xᵀ·dz that has not
// been computed yet; ok is false where it has been, or is no such product. The
// numbers of x are those of the last Run only where they are no patches, which
// [Program.Presynaptic] lays out.
func (p *parameter) Factors() (x, dz []float32, ok bool) {
	if p.later == nil || p.later.done() {
		return nil, nil, false
	}
	return float32s(p.inputs.Value()), float32s(p.errors.Value()), true
}

// Part computes the gradient of the synapses between the units pre and post, both
// ascending, into part [|pre|,|post|]: rows of W and of dW are units pre, columns
// units post. nil is every unit.
func (p *parameter) Part(pre, post []int32, part []float32) error {
	return p.later.part(pre, post, part)
}

// Each computes the gradient in blocks and hands each to learn while it is in cache:
// rows [r0,r1) and columns [c0,c1) of dW, which begin at dw, rows of stride numbers.
// Blocks cover dW, follow from x and the shapes alone, and may be handed over at the
// same time. The gradient counts as not computed afterwards.
func (p *parameter) Each(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error {
	return p.later.each(learn)
}
