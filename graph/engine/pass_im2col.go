package graph

import (
	G "gorgonia.org/gorgonia"
)

// im2colPass leaves out the patch matrix of a convolution: the products are
// computed on the images themselves. The matrix is laid out if somebody asks
// for it ([ImplicitIm2Col.Materialize]). Sums over patches are added in
// another order.
type im2colPass struct{}

var _ pass = im2colPass{}

// String implements pass.
func (im2colPass) String() string { return "im2col" }

// take implements pass.
func (im2colPass) take(m *machine, n *G.Node, in []operand) (run func(), taken bool) {
	if !m.skipsIm2Col(n) {
		return nil, false
	}
	s := newSight(m.compiler, formulaOf(n).(patches).field, m.buffer(n), in[0])
	m.sights[n] = s
	return s.surround, true
}

// skipsIm2Col says that a node is a patch matrix which nothing reads but formulas that
// compute on the images, and faster: a weight serves a row of positions each time it is
// loaded, of which there are many, or the weights stay in the first-level cache.
func (m *machine) skipsIm2Col(n *G.Node) bool {
	const many, cache = 8, 32 << 10 // positions, bytes
	f, ok := formulaOf(n).(patches)
	if !ok || f.positions() == 1 {
		return false
	}
	return every(m.graph.To(n.ID()), func(above *G.Node) bool {
		if _, forward := formulaOf(above).(*dense); forward {
			return f.columns() >= many || 4*childrenOf(m.graph, above)[1].Shape().TotalSize() <= cache
		}
		return m.defers(above)
	})
}
