package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/loss"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// Backward is what a learning rule lets through of the backward pass. The zero
// value lets everything through.
type Backward struct {
	Gate   ops.Opener // which presentations are learned from; nil: all
	Filter ops.Filter // which errors of hidden units are sent back; nil: all
}

// AddLoss adds the loss of output y to the graph. Behind a gate, open [B] is 1 for each
// presentation that is learned from, else 0; without one it is nil.
func (r Backward) AddLoss(l loss.Loss, y, target *G.Node) (cost, open *G.Node, err error) {
	if y, open, err = r.AddGate(y, y, target); err != nil {
		return nil, nil, err
	}
	cost, err = l.Node(y, target)
	return cost, open, err
}

// AddGate puts output y behind the gate, which decides by the output seen. Without a gate
// it returns y, and nil for open.
func (r Backward) AddGate(y, seen, target *G.Node) (gated, open *G.Node, err error) {
	if r.Gate == nil {
		return y, nil, nil
	}
	if open, err = op.Apply(ops.Gate{Opener: r.Gate}, seen, target); err != nil {
		return nil, nil, err
	}
	gated, err = op.Apply(&ops.Gated{Open: open}, y)
	return gated, open, err
}
