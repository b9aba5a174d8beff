package quasistatic

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// BuildClamped implements graph.Clamped. One node relaxes the strains u = x - f(y). Given
// them, the rest is an ordinary network with x = f(y) + u. Since H is least at these
// strains, the gradient of min H is the gradient at fixed strains (envelope theorem): the
// backward pass is that of any network, at the strained state, and its errors are the
// stresses σ/(κ_output·B). The first layer's f(y) does not depend on the strains, so its
// products, which are the largest, are computed once.
func (m *model) BuildClamped(batch int, dtype tensor.Dtype, rule graph.Backward) (*graph.Expression, error) {
	e := graph.NewExpression(m, batch, dtype)
	first, err := m.respond(e, 0, e.X, rule)
	if err != nil {
		return nil, err
	}
	e.Relaxation = &graph.Relaxation{Residual: m.spec.Residual, Limit: m.spec.Iterations, Strict: m.spec.Stuck == "error"}
	strains, err := m.relaxed(e, first)
	if err != nil {
		return nil, err
	}
	output, err := m.strained(e, first, strains, rule)
	if err != nil {
		return nil, err
	}
	if rule.Gate != nil {
		if output, e.Open, err = m.gated(e, first, output, rule); err != nil {
			return nil, err
		}
	}
	e.Loss, err = op.Apply(elasticEnergy{m.ratio()}, output, e.Y, strains)
	return e, err
}

// respond adds the response f(x·W + b) of layer l to the graph.
func (m *model) respond(e *graph.Expression, l int, x *G.Node, rule graph.Backward) (*G.Node, error) {
	d := ops.Dense{Activation: m.spec.Activation, NeedsX: l > 0, Filter: rule.Filter}
	if l == len(m.Layers())-1 {
		d.Activation, d.Filter = m.spec.Output, nil
	}
	return d.Node(x, e.W[l], e.B[l])
}

// relaxed adds the strains of the hidden units, given the response of the first layer.
func (m *model) relaxed(e *graph.Expression, first *G.Node) (*G.Node, error) {
	f := &relax{
		hidden: m.spec.Activation, output: m.spec.Output,
		bias: e.B[0] != nil, uppers: len(m.Layers()) - 1, ratio: m.ratio(), relaxation: e.Relaxation,
	}
	children := []*G.Node{first, e.Y}
	for l := 1; l < len(m.Layers()); l++ {
		children = append(children, e.W[l])
		if f.bias {
			children = append(children, e.B[l])
		}
	}
	return op.Apply(f, children...)
}

// strained adds the layers above the first, with hidden units moved by their strains, and
// returns the output. It notes the network's activity.
func (m *model) strained(e *graph.Expression, first, strains *G.Node, rule graph.Backward) (y *G.Node, err error) {
	y, at := first, 0
	for l := 1; l < len(m.Layers()); l++ {
		if y, err = op.Apply(strain{at}, y, strains); err != nil {
			return nil, err
		}
		e.Activity = append(e.Activity, y)
		at += m.Layers()[l-1].Out
		if y, err = m.respond(e, l, y, rule); err != nil {
			return nil, err
		}
	}
	e.Activity = append(e.Activity, y)
	return y, nil
}

// gated puts the output behind the rule's gate. The gate decides by the free output: what
// the network answers before it is clamped.
func (m *model) gated(e *graph.Expression, first, output *G.Node, rule graph.Backward) (gated, open *G.Node, err error) {
	free := first
	for l := 1; l < len(m.Layers()); l++ {
		if free, err = m.respond(e, l, free, graph.Backward{}); err != nil {
			return nil, nil, err
		}
	}
	return rule.AddGate(output, free, e.Y)
}
