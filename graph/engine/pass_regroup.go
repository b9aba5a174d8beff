package engine

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// regroupPass gives numbers that are only grouped in other rows no storage of their own:
// no node writes to its inputs. The bits are the same.
type regroupPass struct{}

var _ pass = regroupPass{}

// String implements pass.
func (regroupPass) String() string { return "regroup" }

// take implements pass.
func (regroupPass) take(m *machine, n *G.Node, in []op.Operand) (run func(), taken bool) {
	if _, ok := op.FormulaOf(n).(ops.Regroup); !ok || in[0].Data == nil {
		return nil, false
	}
	if err := G.UnsafeLet(n, op.Float32Value(in[0].Data, n.Shape())); err != nil {
		m.failed = err
	}
	return nil, true
}
