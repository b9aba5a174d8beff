package engine

import (
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
)

// machine runs a graph's nodes in order, each into a buffer that is its own
// for life. It allocates nothing in RunAll.
type machine struct {
	graph    *G.ExprGraph
	compiler *op.Compiler
	passes   []pass
	failed   error // while compiling

	nodes []*G.Node
	steps []func() error

	open     []float32                      // of the gate; nil: there is none
	gated    int                            // steps from here on depend on the gate: skipped where it is shut
	lazy     []*Deferred                    // weight gradients that are left out
	implicit map[*G.Node]*op.ImplicitIm2Col // patch matrices that are left out
	fused    map[*G.Node][]op.Operand       // inputs of nodes that are computed with what follows from them
}

var _ G.VM = (*machine)(nil)

// add compiles a node: by the first pass that takes it, else as it is written.
func (m *machine) add(n *G.Node) error {
	in, err := m.operands(n)
	if err != nil {
		return err
	}
	for _, p := range m.passes {
		if run, taken := p.take(m, n, in); taken {
			if run != nil {
				m.append(n, func() error { run(); return nil })
			}
			return m.failed
		}
	}
	m.append(n, m.step(n, m.buffer(n), in))
	return m.failed
}

func (m *machine) append(n *G.Node, step func() error) {
	m.nodes, m.steps = append(m.nodes, n), append(m.steps, step)
}

// operands returns a node's inputs. Those that are fused have no storage.
func (m *machine) operands(n *G.Node) (in []op.Operand, err error) {
	for _, child := range op.Children(m.graph, n) {
		one := op.Operand{Shape: child.Shape(), Implicit: m.implicit[child]}
		if m.fused[child] == nil {
			if child.Value() == nil {
				return nil, fmt.Errorf("input %v has no value", child)
			}
			one.Data = op.Float32s(child.Value())
		}
		in = append(in, one)
	}
	return in, nil
}

// buffer gives a node storage, as its value.
func (m *machine) buffer(n *G.Node) []float32 {
	out := make([]float32, max(n.Shape().TotalSize(), 1))
	if err := G.UnsafeLet(n, op.Float32Value(out, n.Shape())); err != nil {
		m.failed = err
	}
	return out
}

// step returns what fills a node's buffer from its inputs, as it is written.
func (m *machine) step(n *G.Node, out []float32, in []op.Operand) func() error {
	if f := op.FormulaOf(n); f != nil {
		run := f.Compile(m.compiler, out, in)
		return func() error { run(); return nil }
	}
	// An op of Gorgonia's own: right, but it allocates.
	foreign := n.Op()
	var values []G.Value
	for _, child := range op.Children(m.graph, n) {
		values = append(values, child.Value())
	}
	return func() error {
		v, err := foreign.Do(values...)
		if err == nil {
			copy(out, op.Float32s(v))
		}
		return err
	}
}

// RunAll implements gorgonia.VM. A panic of an op becomes an error that names it.
func (m *machine) RunAll() (err error) {
	at := 0
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("graph: %v panicked: %v", m.nodes[at].Op(), r)
		}
	}()
	for _, d := range m.lazy {
		d.computed = false
	}
	for _, s := range m.implicit {
		s.Reset()
	}
	for at = range m.steps {
		if at == m.gated && m.shut() {
			return nil
		}
		if err := m.steps[at](); err != nil {
			return fmt.Errorf("graph: %v: %w", m.nodes[at].Op(), err)
		}
	}
	return nil
}

// Reset implements gorgonia.VM: there is nothing to reset.
func (m *machine) Reset() {}

// Close implements gorgonia.VM.
func (m *machine) Close() error { return nil }
