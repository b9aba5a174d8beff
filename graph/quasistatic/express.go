package quasistatic

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// ExpressClamped implements Clamped. The strains u = x - f(y) come from a node
// that relaxes them. For given strains the rest is an ordinary network with
// x = f(y) + u, and as H is least, its derivatives at fixed strains are those of
// min H (envelope theorem): the backward pass is that of any network, at the
// strained state, and the errors it finds are the stresses σ/(κ_output·B). The
// first layer's f(y) does not depend on any strain, so that its products, the
// largest ones, are made once.
func (m *model) BuildClamped(batch int, dtype tensor.Dtype, rule graph.Backward) (*graph.Expression, error) {
	e := graph.NewExpression(m, batch, dtype)
	first, err := m.respond(e, 0, e.X, rule)
	if err != nil {
		return nil, err
	}
	e.Relaxation = &graph.Relaxation{Residual: m.elastic.Residual, Limit: m.elastic.Iterations, Strict: m.elastic.Stuck == "error"}
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
	d := ops.Dense{Activation: m.elastic.Activation, NeedsX: l > 0, Filter: rule.Filter}
	if l == len(m.Layers())-1 {
		d.Activation, d.Filter = m.elastic.Output, nil
	}
	return d.Node(x, e.W[l], e.B[l])
}

// relaxed adds the strains of the hidden units, given the response of the first layer.
func (m *model) relaxed(e *graph.Expression, first *G.Node) (*G.Node, error) {
	f := &relax{
		hidden: m.elastic.Activation, output: m.elastic.Output,
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

// strained adds the layers above the first, each hidden unit out of place by
// its strain, and returns the output. Together they are the network's activity.
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

// gated puts the output behind the rule's gate, which sees what the network
// answers before it is told the target: the output without strain.
func (m *model) gated(e *graph.Expression, first, output *G.Node, rule graph.Backward) (gated, open *G.Node, err error) {
	free := first
	for l := 1; l < len(m.Layers()); l++ {
		if free, err = m.respond(e, l, free, graph.Backward{}); err != nil {
			return nil, nil, err
		}
	}
	return rule.AddGate(output, free, e.Y)
}
