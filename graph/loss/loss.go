// Package loss has the kinds of loss that an output is compared with its target by, one a
// file: the kind, its formula and its gradient's.
package loss

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/schema"
)

// Loss compares a network's output with its target. A kind registers itself in [Kinds].
type Loss interface {
	// Node adds the loss of output [B,O] and target [B,O] to their graph: a scalar, the
	// mean over the batch of the loss of a presentation.
	Node(output, target *G.Node) (*G.Node, error)
}

// Kinds are the kinds of loss that model.loss accepts.
var Kinds = schema.NewUnion[Loss]("kind", "loss")

// Demanding is a loss that does not suit every number of outputs.
type Demanding interface {
	Loss
	// CheckOutputs returns an error, at the key loss, where the loss says nothing about
	// so many outputs.
	CheckOutputs(outputs int) error
}

// CheckOutputs returns an error if a loss does not suit so many outputs.
func CheckOutputs(l Loss, outputs int) error {
	if d, ok := l.(Demanding); ok {
		return d.CheckOutputs(outputs)
	}
	return nil
}

// ScalarShape is the shape rule of formulas of losses: output and target are of one
// shape, the loss is a scalar.
func ScalarShape(f op.Formula, in []tensor.Shape) (tensor.Shape, error) {
	if !in[0].Eq(in[1]) {
		return nil, fmt.Errorf("graph: %v of shapes %v: output and target must be equal", f, in)
	}
	return tensor.ScalarShape(), nil
}
