package loss

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/schema"
)

// Loss compares a network's output [B,O] with the target [B,O] and adds a
// scalar node to the graph: the mean over the batch of the loss of one
// presentation. A kind registers itself in Losses.
type Loss interface {
	Node(output, target *G.Node) (*G.Node, error)
}

// Losses are the kinds that model.loss accepts.
var Kinds = schema.NewUnion[Loss]("kind", "loss")

// ScalarShape is the shape rule of formulas of losses: output and target are of one
// shape, the loss is a scalar.
func ScalarShape(f op.Formula, in []tensor.Shape) (tensor.Shape, error) {
	if !in[0].Eq(in[1]) {
		return nil, fmt.Errorf("graph: %v of shapes %v: output and target must be equal", f, in)
	}
	return tensor.ScalarShape(), nil
}
