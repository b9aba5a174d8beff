package graph

import (
	G "gorgonia.org/gorgonia"
)

// fusePass computes two nodes in one, without storage for the first:
//
//	Col2Im of InputError              on the images, without the errors of patches (convolution.go)
//	ActivationError of MaxPoolError   square by square (max_pool.go)
//
// The first adds in another order; the second gives the same bits.
type fusePass struct{}

var _ pass = fusePass{}

// String implements pass.
func (fusePass) String() string { return "fuse" }

// take implements pass.
func (fusePass) take(m *machine, n *G.Node, in []operand) (run func(), taken bool) {
	if isFused(m.graph, n) {
		m.fused[n] = in
		return nil, true
	}
	switch f := formulaOf(n).(type) {
	case patchesError:
		if from := m.fused[childrenOf(m.graph, n)[0]]; from != nil {
			return f.sendBack(m.compiler, m.buffer(n), from[0], from[1]), true
		}
	case activationError:
		dy := childrenOf(m.graph, n)[0]
		if from := m.fused[dy]; from != nil {
			return formulaOf(dy).(maxPoolError).respond(m.compiler, f.activation, m.buffer(n), from), true
		}
	}
	return nil, false
}

// isFused says that a node is computed with the one that follows from it.
func isFused(g *G.ExprGraph, n *G.Node) bool {
	return isErrorOfPatches(g, n) || isErrorOfPooled(g, n)
}

// isErrorOfPatches says that a node is the errors of patches, which nothing needs but the
// errors of the images.
func isErrorOfPatches(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := formulaOf(n).(inputError); !ok {
		return false
	}
	return every(g.To(n.ID()), func(above *G.Node) bool {
		f, ok := formulaOf(above).(patchesError)
		return ok && f.positions() > 1
	})
}

// isErrorOfPooled says that a node is the errors of units in squares, which nothing needs
// but the errors of their summed inputs.
func isErrorOfPooled(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := formulaOf(n).(maxPoolError); !ok {
		return false
	}
	y := childrenOf(g, n)[1]
	return every(g.To(n.ID()), func(above *G.Node) bool {
		_, ok := formulaOf(above).(activationError)
		return ok && childrenOf(g, above)[1] == y
	})
}
