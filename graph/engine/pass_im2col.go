package engine

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// im2colPass leaves out the patch matrix of a convolution: its products are computed on
// the images themselves, with sums in another order. The matrix is laid out if somebody
// asks for it ([op.ImplicitIm2Col]).
type im2colPass struct{}

var _ pass = im2colPass{}

// String implements pass.
func (im2colPass) String() string { return "im2col" }

// take implements pass.
func (im2colPass) take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool) {
	if !m.skipsIm2Col(n) {
		return nil, false
	}
	s := op.NewImplicitIm2Col(m.compiler, op.FormulaOf(n).(ops.Im2Col).Geometry, m.buffer(n), in[0])
	m.implicit[n] = s
	return s.Pad, true
}

// skipsIm2Col says whether a node is a patch matrix that only convolutions read, and these
// are faster on the images: a weight that is loaded serves a row of positions, so rows must
// be long, or else all weights fit into the first-level cache.
func (m *machine) skipsIm2Col(n *G.Node) bool {
	const many, cache = 8, 32 << 10 // positions, bytes
	f, ok := op.FormulaOf(n).(ops.Im2Col)
	if !ok || f.Positions() == 1 {
		return false
	}
	return op.All(m.graph.To(n.ID()), func(above *G.Node) bool {
		if _, forward := op.FormulaOf(above).(*ops.Dense); forward {
			return f.Columns() >= many || 4*op.Children(m.graph, above)[1].Shape().TotalSize() <= cache
		}
		return m.defers(above)
	})
}
