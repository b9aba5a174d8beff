package graph

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"

	"ergon/internal/blas"
)

// A weight gradient dW = xᵀ·dz is the largest product of a step, and a rule may
// need little of it: none of a frozen layer, a few rows and columns, and of a
// single presentation nothing but its factors. A machine therefore leaves it to
// the parameter ([parameter.Grad]) to compute it when it is asked for.

// deferral is a node that a machine has left out, with what fills it.
type deferral struct {
	node    *G.Node
	fill    func() error
	fresh   bool                                    // filled since the last RunAll
	compute func(pre, post []int32, part []float32) // computes some rows and columns
	hand    func() error                            // computes the gradient in blocks for learn, which may leave nothing in the node
	learn   learner
}

// learner is handed a block of a weight gradient: rows [r0,r1) and columns [c0,c1),
// which begin at dw and are stride numbers apart.
type learner = func(r0, r1, c0, c1 int, dw []float32, stride int)

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

// each computes the gradient and hands every block of it to learn as soon as it is
// complete, while it is in cache. Blocks may be handed over at the same time.
func (d *deferral) each(learn learner) (err error) {
	defer d.recovered(&err)
	d.learn = learn
	return d.hand()
}

// part fills part with the rows pre and columns post of the node's value.
func (d *deferral) part(pre, post []int32, part []float32) (err error) {
	defer d.recovered(&err)
	d.compute(pre, post, part)
	return nil
}

// deferredGradient returns the deferral of a weight gradient dW = xᵀ·dz into dw.
func deferredGradient(c *compiler, n *G.Node, dw []float32, x, dz operand) *deferral {
	if x.sight != nil {
		return convolvedGradient(c, n, dw, x.sight, dz)
	}
	d := &deferral{node: n, compute: newPartial(c, x, dz).compute}
	if x.shape[0] == 1 {
		run := c.singleGradient(dw, x.data, dz.data)
		d.fill = func() error { run(); return nil }
		d.hand = func() error {
			run()
			d.learn(0, len(x.data), 0, len(dz.data), dw, len(dz.data))
			return nil
		}
		return d
	}
	p := weightProduct(c, dw, x, dz)
	d.fill = onDemand(p)
	p.Take = func(r0, r1, c0, c1 int, part []float32, stride int) { d.learn(r0, r1, c0, c1, part, stride) }
	d.hand = onDemand(p)
	return d
}

// onDemand returns a product that is compiled when it is run first: a rule needs one
// way to the gradient, seldom both.
func onDemand(p blas.Product) func() error {
	run := sync.OnceValue(p.Compile)
	return func() error { run()(); return nil }
}

// weightProduct is dW = xᵀ·dz: x [B,I], dz [B,O], dW [I,O].
func weightProduct(c *compiler, dw []float32, x, dz operand) blas.Product {
	return blas.Product{
		Library: c.library, Pool: c.pool, M: x.shape[1], N: dz.shape[1], K: x.shape[0],
		TransA: true, A: x.data, B: dz.data, C: dw,
	}
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
	// sightOf returns the sight that a node's patches were left out for, nil if none.
	sightOf(n *G.Node) *sight
}

// isDeferrable says that a node is a weight gradient from which nothing else follows.
func isDeferrable(g *G.ExprGraph, n *G.Node) bool {
	o, ok := n.Op().(*op)
	return ok && o.formula == (weightGradient{}) && g.To(n.ID()).Len() == 0
}
