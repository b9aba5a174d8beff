package graph

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"
)

// deferPass leaves weight gradients out of RunAll: they are the largest products of a
// step, and a rule may need little of them, or only their factors. Whoever needs one asks
// for it ([Deferred]). Gradients are the same to the bit; parts of one may differ by
// rounding.
type deferPass struct{}

var _ pass = deferPass{}

// String implements pass.
func (deferPass) String() string { return "defer" }

// take implements pass.
func (deferPass) take(m *machine, n *G.Node, in []operand) (run func(), taken bool) {
	if !isDeferrable(m.graph, n) {
		return nil, false
	}
	m.later = append(m.later, &deferral{node: n, gradient: LazyGradient(m.compiler, m.buffer(n), in[0], in[1])})
	return nil, true
}

// isDeferrable says that a node is a weight gradient from which nothing else follows.
func isDeferrable(g *G.ExprGraph, n *G.Node) bool {
	return formulaOf(n) == (weightGradient{}) && g.To(n.ID()).Len() == 0
}

// defers says that the machine leaves a node out as a deferred gradient.
func (m *machine) defers(n *G.Node) bool {
	return isDeferrable(m.graph, n) && slices.Contains(m.passes, pass(deferPass{}))
}

// deferral is a weight gradient that a machine has left out.
type deferral struct {
	node     *G.Node
	gradient Lazy
	fresh    bool // computed since the last RunAll
}

// done says whether the gradient was computed since the last RunAll.
func (d *deferral) done() bool { return d.fresh }

// evaluate fills the node unless that was done since the last RunAll. A panic
// becomes an error that names the op.
func (d *deferral) evaluate() (err error) {
	if d.fresh {
		return nil
	}
	defer d.recovered(&err)
	d.gradient.Fill()
	d.fresh = true
	return nil
}

// each computes the gradient in blocks: see [Lazy.Stream].
func (d *deferral) each(learn learner) (err error) {
	defer d.recovered(&err)
	d.gradient.Stream(learn)
	return nil
}

// part computes some rows and columns of the gradient: see [Lazy.Part].
func (d *deferral) part(pre, post []int32, part []float32) (err error) {
	defer d.recovered(&err)
	d.gradient.Part(pre, post, part)
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
	// deferred returns the gradient that was left out for a node, nil if none was.
	deferred(n *G.Node) *deferral
	// sightOf returns what stands for a patch matrix that was left out, nil if none was.
	sightOf(n *G.Node) *sight
}

var _ deferrer = (*machine)(nil)

// deferred implements deferrer.
func (m *machine) deferred(n *G.Node) *deferral {
	for _, d := range m.later {
		if d.node == n {
			return d
		}
	}
	return nil
}

// sightOf implements deferrer.
func (m *machine) sightOf(n *G.Node) *sight { return m.sights[n] }
