package engine

import (
	G "gorgonia.org/gorgonia"

	"ergon/internal/parallel"
)

// referenceEngine is Gorgonia's TapeMachine: it calls each op's Do, the
// formula's definition in float64. Slow, and what the others must equal.
type referenceEngine struct{}

var _ Engine = referenceEngine{}

// Name implements Engine.
func (referenceEngine) Name() string { return "reference (Gorgonia TapeMachine, float64 loops)" }

// BLAS implements Engine: none.
func (referenceEngine) BLAS() string { return "" }

// Pool implements Engine: none.
func (referenceEngine) Pool() *parallel.Pool { return nil }

// Machine implements Engine.
func (referenceEngine) Machine(g *G.ExprGraph) (G.VM, error) { return G.NewTapeMachine(g), nil }

// Close implements Engine.
func (referenceEngine) Close() {}
