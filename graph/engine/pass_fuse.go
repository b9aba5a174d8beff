package engine

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// fusePass computes two nodes in one, without storage for the first:
//
//	Col2Im of InputError              on the images, without the errors of patches (ops/convolution.go)
//	ActivationError of MaxPoolError   square by square (ops/max_pool.go)
//	ActivationError of InputError     block by block of the product (ops/input_error.go)
//	BatchNormError of ActivationError chunk by chunk (ops/batch_norm_fast.go)
//
// The first adds in another order; the others give the same bits.
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
			dz := op.Children(m.graph, op.Children(m.graph, n)[0])[0]
			_, dense := op.FormulaOf(dz).(ops.BatchNormError)
			return f.CompileWithInputError(m.compiler, m.buffer(n), from[0], from[1], dense), true
		}
	case ops.BatchNormError:
		d := op.Children(m.graph, n)[0]
		if from := m.fused[d]; from != nil {
			a := op.FormulaOf(d).(ops.ActivationError).Activation
			return f.CompileWithActivationError(m.compiler, a, m.buffer(n), from[0], from[1], in[1], in[2]), true
		}
	case ops.ActivationError:
		dy := op.Children(m.graph, n)[0]
		if from := m.fused[dy]; from != nil {
			return m.errorOf(op.FormulaOf(dy), f.Activation, m.buffer(n), from, in[1]), true
		}
	}
	return nil, false
}

// errorOf computes the errors dz of summed inputs, fused with those of activities v, dy.
func (m *machine) errorOf(dy op.Formula, a activation.Activation, dz []float32, from []op.Operand, v op.Operand) func() {
	if f, ok := dy.(ops.InputError); ok {
		return f.CompileWithActivationError(m.compiler, a, dz, from[0], from[1], v)
	}
	return dy.(ops.MaxPoolError).CompileWithActivationError(m.compiler, a, dz, from)
}

// isFused says whether a node is computed together with the one that reads it.
func isFused(g *G.ExprGraph, n *G.Node) bool {
	return isErrorOfPatches(g, n) || isErrorOfPooled(g, n) || isErrorOfNormalized(g, n) || isErrorOfUnits(g, n)
}

// isErrorOfUnits says whether a node is the errors of a batch's activities, which only those of their summed
// inputs are computed from, and these by themselves.
func isErrorOfUnits(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := op.FormulaOf(n).(ops.InputError); !ok || n.Shape()[0] == 1 {
		return false
	}
	return op.All(g.To(n.ID()), func(above *G.Node) bool {
		_, ok := op.FormulaOf(above).(ops.ActivationError)
		return ok && op.Children(g, above)[0] == n && !isErrorOfNormalized(g, above)
	})
}

// isErrorOfNormalized says whether a node is the errors of normalised units, which only
// those of their summed inputs are computed from. Errors of pooled units are, already,
// computed in one with these.
func isErrorOfNormalized(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := op.FormulaOf(n).(ops.ActivationError); !ok || isErrorOfPooled(g, op.Children(g, n)[0]) {
		return false
	}
	return op.All(g.To(n.ID()), func(above *G.Node) bool {
		_, ok := op.FormulaOf(above).(ops.BatchNormError)
		return ok && op.Children(g, above)[0] == n
	})
}

// isErrorOfPatches says whether a node is the errors of patches, which only the errors of
// images are computed from.
func isErrorOfPatches(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := op.FormulaOf(n).(ops.InputError); !ok {
		return false
	}
	return op.All(g.To(n.ID()), func(above *G.Node) bool {
		f, ok := op.FormulaOf(above).(ops.Col2Im)
		return ok && f.Positions() > 1
	})
}

// isErrorOfPooled says whether a node is the errors of pooled units, which only the errors
// of their summed inputs are computed from.
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
