package engine

import (
	"fmt"
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
)

// pass recognises nodes that the cpu engine computes in another way than they
// are written, because it is faster. The ways differ by rounding at most; each
// pass says where.
type pass interface {
	// String is the pass's name, by which tests leave it out.
	fmt.Stringer
	// take compiles node n, given its inputs; taken is false if the pass does not
	// recognise it. With a nil run, RunAll does not compute the node: it is computed
	// on demand, or together with the node that reads it.
	take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool)
}

// passes returns all passes. The first that takes a node compiles it.
func passes() []pass { return []pass{gatePass{}, deferPass{}, im2colPass{}, regroupPass{}, fusePass{}} }

// passesWithout leaves out the named ones.
func passesWithout(names []string) []pass {
	return slices.DeleteFunc(passes(), func(p pass) bool { return slices.Contains(names, p.String()) })
}
