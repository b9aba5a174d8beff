package engine

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// gatePass skips all nodes behind a gate that no presentation opens; they keep the values
// of an earlier run. Nodes that run are computed as they are written.
type gatePass struct{}

var _ pass = gatePass{}

// String implements pass.
func (gatePass) String() string { return "gate" }

// take implements pass: it notes where the gate's decisions are.
func (gatePass) take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool) {
	if !isGate(n) {
		return nil, false
	}
	m.open = m.buffer(n)
	return op.FormulaOf(n).Compile(m.compiler, m.open, in), true
}

// isGate says whether a node decides which presentations are learned from.
func isGate(n *G.Node) bool {
	_, ok := op.FormulaOf(n).(ops.Gate)
	return ok
}

// gatedLast moves the nodes that depend on the gate behind those that do not, and
// returns the index of the first of them.
func gatedLast(g *G.ExprGraph, sorted G.Nodes) (order G.Nodes, gated int) {
	var after G.Nodes
	depends := map[*G.Node]bool{}
	for _, n := range sorted {
		for _, child := range op.Children(g, n) {
			depends[n] = depends[n] || depends[child] || isGate(child)
		}
		if depends[n] {
			after = append(after, n)
		} else {
			order = append(order, n)
		}
	}
	return append(order, after...), len(order)
}

// shut says whether no presentation has opened the gate.
func (m *machine) shut() bool {
	return m.open != nil && !slices.Contains(m.open, 1)
}
