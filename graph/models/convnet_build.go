package models

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/graph/ops"
)

var _ graph.Batchwise = (*convNet)(nil)

// Build implements graph.Model.
func (m *convNet) Build(batch int, dtype tensor.Dtype, rule graph.Backward) (*graph.Expression, error) {
	return m.build(batch, dtype, rule, false)
}

// BuildBatchwise implements graph.Batchwise.
func (m *convNet) BuildBatchwise(batch int, dtype tensor.Dtype, rule graph.Backward) (*graph.Expression, error) {
	return m.build(batch, dtype, rule, true)
}

// build writes the network. If it learns, it is normalised by the moments of the batch.
func (m *convNet) build(batch int, dtype tensor.Dtype, rule graph.Backward, learns bool) (e *graph.Expression, err error) {
	e = graph.NewExpression(m, batch, dtype)
	last := len(m.layers) - 1
	y := e.X
	for l, layer := range m.layers {
		d := ops.Dense{Activation: m.spec.Activation, NeedsX: l > 0, Filter: rule.Filter, Rows: layer.Rows()}
		switch {
		case l == last:
			d.Activation, d.Filter = m.spec.Output, nil
		case layer.Averages != nil:
			d.Activation = activation.Linear{} // before it is normalised
		}
		if y, err = m.input(l, y); err != nil {
			return nil, err
		}
		e.Inputs = append(e.Inputs, y)
		if y, err = d.Node(y, e.W[l], e.B[l]); err != nil {
			return nil, err
		}
		if y, err = m.normalize(e, l, y, learns); err != nil {
			return nil, err
		}
		e.Activity = append(e.Activity, y)
	}
	e.Loss, e.Open, err = rule.AddLoss(m.spec.Loss, y, e.Y)
	return e, err
}

// normalize returns the activity of layer l, given its summed inputs z, if it is normalised.
// Otherwise z is the activity already.
func (m *convNet) normalize(e *graph.Expression, l int, z *G.Node, learns bool) (y *G.Node, err error) {
	var moments *G.Node
	defer func() { e.Moments = append(e.Moments, moments) }()
	layer := m.layers[l]
	if layer.Averages == nil {
		return z, nil
	}
	if learns {
		if moments, err = op.Apply(ops.Moments{}, z); err != nil {
			return nil, err
		}
	} else {
		moments = G.NewMatrix(e.Graph, z.Dtype(), G.WithName(fmt.Sprintf("moments%d", l+1)), G.WithShape(2, layer.Out))
	}
	return ops.BatchNorm{Activation: m.spec.Activation, Learns: learns}.Node(z, moments)
}

// input returns the inputs of layer l, given the activity y of the units below. Units of a
// convolution are pooled, those of the last perhaps averaged, and a convolution above gets
// patches of what it sees.
func (m *convNet) input(l int, y *G.Node) (x *G.Node, err error) {
	if below := l - 1; below >= 0 && below < len(m.geometries) {
		if y, err = m.pool(below, y); err != nil {
			return nil, err
		}
	}
	if l < len(m.geometries) {
		return op.Apply(ops.Im2Col{Geometry: m.geometries[l]}, y)
	}
	return y, nil
}

// pool returns what layers above see of the units y of convolution l.
func (m *convNet) pool(l int, y *G.Node) (x *G.Node, err error) {
	p := m.spec.pooling(l, m.geometries[l])
	if p.Side == 1 {
		x, err = op.Apply(ops.Regroup{Width: p.Units()}, y)
	} else {
		x, err = op.Apply(p, y)
	}
	if err != nil || l < len(m.geometries)-1 || m.spec.Gather != "average" {
		return x, err
	}
	return op.Apply(ops.AveragePool{Positions: p.Squares() / p.Channels}, x)
}
