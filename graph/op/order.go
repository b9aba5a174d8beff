package op

import (
	"slices"

	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// Children returns the nodes that n is computed from, in the order of its inputs.
func Children(g *G.ExprGraph, n *G.Node) (all G.Nodes) {
	for children := g.From(n.ID()); children.Next(); {
		all = append(all, children.Node().(*G.Node))
	}
	return all
}

// InOrder returns a graph's nodes, each after those it is computed from.
func InOrder(g *G.ExprGraph) (G.Nodes, error) {
	nodes, err := G.Sort(g)
	slices.Reverse(nodes) // Sort puts the roots first
	return nodes, err
}

// FormulaOf returns what a node computes, or nil for an op of Gorgonia's own.
func FormulaOf(n *G.Node) Formula {
	if o, ok := n.Op().(*node); ok {
		return o.formula
	}
	return nil
}

// All says whether there are nodes and all of them are so.
func All(nodes graph.Nodes, so func(n *G.Node) bool) bool {
	some := false
	for nodes.Next() {
		if some = true; !so(nodes.Node().(*G.Node)) {
			return false
		}
	}
	return some
}
