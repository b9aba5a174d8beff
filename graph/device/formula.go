// Package device lowers graphs to a GPU: what each op appends to a list of products and
// launches, the arguments of the kernels, and the kernels themselves (*.cu).
package device

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/gpu"
)

// Lowered is a formula that a GPU can compute. One that is not is refused by name
// ([NoKernelError]) as soon as a graph with it is lowered.
type Lowered interface {
	op.Formula
	// Lower adds the products and launches that compute out from in.
	Lower(l *Lowering, out Operand, in []Operand) error
}

// Operand is a node's values on a device, one array for each network.
type Operand struct {
	At     gpu.Pointer // of the first network
	Stride int         // numbers from a network's array to the next one's; 0: all share one
	Shape  tensor.Shape
	Input  bool // it is there before the first launch
}

// checkKernels returns a [NoKernelError] of the first node, in the order they were
// written in, that a GPU cannot compute.
func checkKernels(nodes G.Nodes, g *G.ExprGraph) error {
	var first *G.Node
	for _, n := range nodes {
		if _, ok := op.FormulaOf(n).(Lowered); !ok && g.From(n.ID()).Len() > 0 && (first == nil || n.ID() < first.ID()) {
			first = n
		}
	}
	switch {
	case first == nil:
		return nil
	case op.FormulaOf(first) != nil:
		return &NoKernelError{op.FormulaOf(first)}
	}
	return &NoKernelError{first.Op()}
}

// NoKernelError says that a GPU cannot compute something, which it names.
type NoKernelError struct{ What any }

// Error implements error.
func (e *NoKernelError) Error() string {
	return fmt.Sprintf("graph: %v has no kernel for the GPU; take engine.device=cpu", e.What)
}
