package graph

import (
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// Nodes that the cpu engine does not compute as they are written:
//
//	weightGradient                    when its parameter's Grad is called (deferred.go)
//	patches                           when somebody looks; dense and weightGradient compute on the images (sight.go)
//	patchesError of inputError        in one, without the errors of patches (convolution.go)
//	activationError of maxPoolError   in one, square by square (pool.go)

// compile returns what fills a node's buffer; nil: RunAll does not.
func (m *cpuMachine) compile(e *cpuEngine, g *G.ExprGraph, n *G.Node, out []float32, in []operand) func() error {
	c := &e.compiler
	var run func()
	switch f := formulaOf(n).(type) {
	case weightGradient:
		if isDeferrable(g, n) {
			m.later = append(m.later, deferredGradient(c, n, out, in[0], in[1]))
			return nil
		}
	case patches:
		if isSeen(g, n) {
			s := newSight(c, f.field, out, in[0])
			if m.sights[n] = s; s.surround == nil {
				return nil
			}
			run = s.surround
		}
	case patchesError:
		if from := m.fused[childrenOf(g, n)[0]]; from != nil {
			run = f.sendBack(c, out, from[0], from[1])
		}
	case activationError:
		dy := childrenOf(g, n)[0]
		if from := m.fused[dy]; from != nil {
			run = formulaOf(dy).(maxPoolError).respond(c, f.activation, out, from)
		}
	}
	if run == nil {
		return e.step(n, g.From(n.ID()), out, in)
	}
	return func() error { run(); return nil }
}

// isSeen says that a node is patches that are looked at by nothing but formulas that
// compute on the images, and faster: a weight serves a row of positions each time it is
// loaded, of which there are many, or the weights stay in first-level cache.
func isSeen(g *G.ExprGraph, n *G.Node) bool {
	const many, cache = 8, 32 << 10 // positions, bytes
	f, ok := formulaOf(n).(patches)
	if !ok || f.positions() == 1 {
		return false
	}
	return every(g.To(n.ID()), func(above *G.Node) bool {
		if _, forward := formulaOf(above).(*dense); forward {
			return f.columns() >= many || 4*childrenOf(g, above)[1].Shape().TotalSize() <= cache
		}
		return isDeferrable(g, above)
	})
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

// every says that nodes, at least one, are all so.
func every(nodes graph.Nodes, so func(n *G.Node) bool) bool {
	some := false
	for nodes.Next() {
		if some = true; !so(nodes.Node().(*G.Node)) {
			return false
		}
	}
	return some
}
