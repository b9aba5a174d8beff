package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/engine"
	"ergon/graph/op"
)

// parameter is a weight or bias node with the node of its gradient.
type parameter struct {
	node, gradient *G.Node
	inputs, errors *G.Node          // x and dz of a gradient dW = xᵀ·dz that was left for later, else nil
	deferred       *engine.Deferred // of that gradient
}

var _ G.ValueGrad = (*parameter)(nil)

// defers connects the parameters with what the machine left out.
func (d *differentiated) defers(machine G.VM) {
	m, ok := machine.(engine.Deferrer)
	if !ok {
		return
	}
	for _, n := range d.Inputs {
		d.implicit = append(d.implicit, m.Implicit(n))
	}
	for _, one := range d.parameters {
		p := one.(*parameter)
		if p.deferred = m.Deferred(p.gradient); p.deferred != nil {
			p.inputs, p.errors = factorsOf(d.Graph, p.gradient)
		}
	}
}

// Value implements gorgonia.ValueGrad.
func (p *parameter) Value() G.Value { return p.node.Value() }

// Grad implements gorgonia.ValueGrad. A gradient that the machine has left out
// is computed here, once a Run.
func (p *parameter) Grad() (G.Value, error) {
	if p.deferred != nil {
		if err := p.deferred.Compute(); err != nil {
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
	if p.deferred == nil || p.deferred.Computed() {
		return nil, nil, false
	}
	return op.Float32s(p.inputs.Value()), op.Float32s(p.errors.Value()), true
}

// Part computes the gradient of the synapses between the units pre and post, both
// ascending, into part [|pre|,|post|]: rows of W and of dW are units pre, columns
// units post. nil is every unit.
func (p *parameter) Part(pre, post []int32, part []float32) error {
	return p.deferred.Part(pre, post, part)
}

// Each computes the gradient in blocks and hands each to learn while it is in cache:
// rows [r0,r1) and columns [c0,c1) of dW, which begin at dw, rows of stride numbers.
// Blocks cover dW, follow from x and the shapes alone, and may be handed over at the
// same time. The gradient counts as not computed afterwards.
func (p *parameter) Each(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error {
	return p.deferred.Stream(learn)
}
