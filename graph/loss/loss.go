package loss

import (
	G "gorgonia.org/gorgonia"

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
