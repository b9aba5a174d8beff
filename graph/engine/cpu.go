package engine

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// cpuEngine runs graphs on straight-line machines.
type cpuEngine struct {
	compiler op.Compiler
	note     string   // that the name ends with: why it is not a GPU
	without  []string // names of passes that are left out, in tests
}

var _ Engine = (*cpuEngine)(nil)

// Name implements Engine.
func (e *cpuEngine) Name() string {
	return fmt.Sprintf("cpu (%d threads, %s loops%s)", e.compiler.Pool.Workers(), simd.Active(), e.note)
}

// BLAS implements Engine.
func (e *cpuEngine) BLAS() string { return e.compiler.Library.Name() }

// Pool implements Engine.
func (e *cpuEngine) Pool() *parallel.Pool { return e.compiler.Pool }

// Close implements Engine.
func (e *cpuEngine) Close() { e.compiler.Pool.Close() }

// Machine implements Engine.
func (e *cpuEngine) Machine(g *G.ExprGraph) (G.VM, error) {
	sorted, err := op.InOrder(g)
	if err != nil {
		return nil, err
	}
	m := &machine{
		graph: g, compiler: &e.compiler, passes: passesWithout(e.without),
		implicit: map[*G.Node]*op.ImplicitIm2Col{}, fused: map[*G.Node][]op.Operand{},
	}
	sorted, gated := gatedLast(g, sorted)
	m.gated = len(sorted)
	for i, n := range sorted {
		if i == gated {
			m.gated = len(m.nodes)
		}
		if g.From(n.ID()).Len() == 0 {
			continue // an input or a constant
		}
		if err := m.add(n); err != nil {
			return nil, fmt.Errorf("graph: compiling %v: %w", n.Op(), err)
		}
	}
	return m, nil
}
