package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/gpu"
)

// lowered is a formula that a GPU can compute.
type lowered interface {
	formula
	// lower adds the products and launches that compute out from in.
	lower(l *lowering, out deviceOperand, in []deviceOperand) error
}

// deviceOperand is a node's values on a device, one array for each network.
type deviceOperand struct {
	at     gpu.Pointer // of the first network
	stride int         // numbers from a network's array to the next one's; 0: all share one
	shape  tensor.Shape
	input  bool // it is there before the first launch
}

// haveKernels blames the first node, in the order they were written in, that a
// GPU cannot compute.
func haveKernels(nodes G.Nodes, g *G.ExprGraph) error {
	var first *G.Node
	for _, n := range nodes {
		if _, ok := formulaOf(n).(lowered); !ok && g.From(n.ID()).Len() > 0 && (first == nil || n.ID() < first.ID()) {
			first = n
		}
	}
	switch {
	case first == nil:
		return nil
	case formulaOf(first) != nil:
		return noKernel(formulaOf(first))
	}
	return noKernel(first.Op())
}

func noKernel(what any) error {
	return fmt.Errorf("graph: %v has no kernel for the GPU; take engine.device=cpu", what)
}
