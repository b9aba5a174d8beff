package engine

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// deferPass leaves weight gradients out of a run. They are the largest products of a step,
// and a rule may need a part of one, or only its factors: whoever needs a gradient asks
// [Deferred] for it. A gradient has the same bits; a part of one may differ by rounding.
type deferPass struct{}

var _ pass = deferPass{}

// String implements pass.
func (deferPass) String() string { return "defer" }

// take implements pass.
func (deferPass) take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool) {
	if !isDeferrable(m.graph, n) {
		return nil, false
	}
	m.lazy = append(m.lazy, &Deferred{node: n, gradient: ops.LazyGradient(m.compiler, m.buffer(n), in[0], in[1])})
	return nil, true
}

// isDeferrable says whether a node is a weight gradient that no other node reads.
func isDeferrable(g *G.ExprGraph, n *G.Node) bool {
	return op.FormulaOf(n) == (ops.WeightGradient{}) && g.To(n.ID()).Len() == 0
}

// defers says whether the machine leaves a node out as a deferred gradient.
func (m *machine) defers(n *G.Node) bool {
	return isDeferrable(m.graph, n) && slices.Contains(m.passes, pass(deferPass{}))
}

// Deferred is a weight gradient that a machine has left out.
type Deferred struct {
	node     *G.Node
	gradient ops.Lazy
	computed bool // computed since the last RunAll
}

// Computed says whether the gradient was computed since the last RunAll.
func (d *Deferred) Computed() bool { return d.computed }

// Compute computes the gradient into its node, unless that was done since the last
// RunAll. A panic becomes an error that names the op.
func (d *Deferred) Compute() (err error) {
	if d.computed {
		return nil
	}
	defer d.recovered(&err)
	d.gradient.Fill()
	d.computed = true
	return nil
}

// Stream computes the gradient in blocks: see [ops.Lazy].
func (d *Deferred) Stream(learn ops.Learner) (err error) {
	defer d.recovered(&err)
	d.gradient.Stream(learn)
	return nil
}

// Part computes some rows and columns of the gradient: see [ops.Lazy].
func (d *Deferred) Part(pre, post []int32, part []float32) (err error) {
	defer d.recovered(&err)
	d.gradient.Part(pre, post, part)
	return nil
}

// recovered turns a panic into an error that names the op.
func (d *Deferred) recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("graph: %v panicked: %v", d.node.Op(), r)
	}
}

// Deferrer is a machine that leaves nodes out of RunAll.
type Deferrer interface {
	// Deferred returns the gradient that was left out for a node, nil if none was.
	Deferred(n *G.Node) *Deferred
	// Implicit returns what stands for a patch matrix that was left out, nil if it was
	// not.
	Implicit(n *G.Node) *op.ImplicitIm2Col
}

var _ Deferrer = (*machine)(nil)

// Deferred implements Deferrer.
func (m *machine) Deferred(n *G.Node) *Deferred {
	for _, d := range m.lazy {
		if d.node == n {
			return d
		}
	}
	return nil
}

// Implicit implements Deferrer.
func (m *machine) Implicit(n *G.Node) *op.ImplicitIm2Col { return m.implicit[n] }
