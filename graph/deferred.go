package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
)

// A weight gradient dW = xᵀ·dz is the largest product of a step, and a rule may
// need little of it: none of a frozen layer, a few rows and columns, and of a
// single presentation nothing but its factors. A machine therefore leaves it to
// the parameter ([parameter.Grad]) to compute it when it is asked for.

// deferral is a node that a machine has left out, with what fills it.
type deferral struct {
	node  *G.Node
	fill  func() error
	fresh bool // filled since the last RunAll
	part  *partial
}

// evaluate fills the node unless that was done since the last RunAll. A panic
// becomes an error that names the op.
func (d *deferral) evaluate() (err error) {
	if d.fresh {
		return nil
	}
	defer d.recovered(&err)
	if err := d.fill(); err != nil {
		return fmt.Errorf("graph: %v: %w", d.node.Op(), err)
	}
	d.fresh = true
	return nil
}

// compute fills part with the rows pre and columns post of the node's value.
func (d *deferral) compute(pre, post []int32, part []float32) (err error) {
	defer d.recovered(&err)
	d.part.compute(pre, post, part)
	return nil
}

// recovered turns a panic of the op into an error.
func (d *deferral) recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("graph: %v panicked: %v", d.node.Op(), r)
	}
}

// deferrer is a machine that leaves nodes out of RunAll.
type deferrer interface {
	// deferred returns what was left out for a node, nil if nothing.
	deferred(n *G.Node) *deferral
}

// isDeferrable says that a node is a weight gradient from which nothing else follows.
func isDeferrable(g *G.ExprGraph, n *G.Node) bool {
	o, ok := n.Op().(*op)
	return ok && o.formula == (weightGradient{}) && g.To(n.ID()).Len() == 0
}
