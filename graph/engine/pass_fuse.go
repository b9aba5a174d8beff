package engine

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
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
func (fusePass) take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool) {
	if isFused(m.graph, n) {
		m.fused[n] = in
		return nil, true
	}
	switch f := op.FormulaOf(n).(type) {
	case ops.Col2Im:
		if from := m.fused[op.Children(m.graph, n)[0]]; from != nil {
			return f.CompileWithInputError(m.compiler, m.buffer(n), from[0], from[1]), true
		}
	case ops.ActivationError:
		dy := op.Children(m.graph, n)[0]
		if from := m.fused[dy]; from != nil {
			return op.FormulaOf(dy).(ops.MaxPoolError).CompileWithActivationError(m.compiler, f.Activation, m.buffer(n), from), true
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
	if _, ok := op.FormulaOf(n).(ops.InputError); !ok {
		return false
	}
	return op.All(g.To(n.ID()), func(above *G.Node) bool {
		f, ok := op.FormulaOf(above).(ops.Col2Im)
		return ok && f.Positions() > 1
	})
}

// isErrorOfPooled says that a node is the errors of units in squares, which nothing needs
// but the errors of their summed inputs.
func isErrorOfPooled(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := op.FormulaOf(n).(ops.MaxPoolError); !ok {
		return false
	}
	y := op.Children(g, n)[1]
	return op.All(g.To(n.ID()), func(above *G.Node) bool {
		_, ok := op.FormulaOf(above).(ops.ActivationError)
		return ok && op.Children(g, above)[1] == y
	})
}
