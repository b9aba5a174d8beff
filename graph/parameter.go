package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/engine"
	"ergon/graph/op"
)

// parameter is a weight or bias node with the node of its gradient.
type parameter struct {
	node, gradient *G.Node
	inputs, errors *G.Node          // x and dz of a gradient dW = xᵀ·dz that is computed on demand, else nil
	deferred       *engine.Deferred // computes it; nil: Run does
}

var _ G.ValueGrad = (*parameter)(nil)

// defers connects the parameters, and the inputs of convolutions, with what the machine
// left out.
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

// Grad implements gorgonia.ValueGrad. A gradient that Run has left out is computed by the
// first call after it.
func (p *parameter) Grad() (G.Value, error) {
	if p.deferred != nil {
		if err := p.deferred.Compute(); err != nil {
			return nil, err
		}
	}
	return p.gradient.Value(), nil
}

// Factors returns x [B·Rows,In] and dz [B·Rows,Out] of a gradient dW = xᵀ·dz. ok is false
// where the gradient has been computed since the last Run, or is no such product. For a
// convolution, x holds the patches of the last Run only after [Program.Presynaptic] was
// called.
func (p *parameter) Factors() (x, dz []float32, ok bool) {
	if p.deferred == nil || p.deferred.Computed() {
		return nil, nil, false
	}
	return op.Float32s(p.inputs.Value()), op.Float32s(p.errors.Value()), true
}

// Part computes the gradient of the synapses from units pre to units post, both
// ascending, into part [|pre|,|post|]; nil is every unit.
func (p *parameter) Part(pre, post []int32, part []float32) error {
	return p.deferred.Part(pre, post, part)
}

// Stream computes the gradient block by block and hands each block to learn while it is in
// the cache: rows [r0,r1) and columns [c0,c1) of dW, which begin at dw and whose rows are
// stride numbers apart. Blocks cover dW once, follow from the shapes alone, and may be
// handed over at the same time. Afterwards the gradient counts as not computed.
func (p *parameter) Stream(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error {
	return p.deferred.Stream(learn)
}
