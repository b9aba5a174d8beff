package graph

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/blas"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// cpuEngine runs graphs on straight-line machines.
type cpuEngine struct {
	compiler
	note string // that the name ends with: why it is not a GPU
}

var _ Engine = (*cpuEngine)(nil)

// compiler is what a formula compiles against.
type compiler struct {
	library blas.Library
	pool    *parallel.Pool
}

// operand is an input of a compiled formula. Its storage never moves.
type operand struct {
	data  []float32
	shape tensor.Shape
	sight *sight // of patches that are not laid out, else nil
}

// Name implements Engine.
func (e *cpuEngine) Name() string {
	return fmt.Sprintf("cpu (%d threads, %s loops%s)", e.pool.Workers(), simd.Active(), e.note)
}

// BLAS implements Engine.
func (e *cpuEngine) BLAS() string { return e.library.Name() }

// Pool implements Engine.
func (e *cpuEngine) Pool() *parallel.Pool { return e.pool }

// Close implements Engine.
func (e *cpuEngine) Close() { e.pool.Close() }

// grain is how many elements make a part of an element-wise loop: enough to be
// worth a goroutine's wake-up, and fixed, so that parts do not depend on cores.
const grain = 1 << 14

// elementwise returns a function that covers [0,n) with calls of body.
func (c *compiler) elementwise(n int, body func(lo, hi int)) func() { return c.parts(n, grain, body) }

// parts is elementwise with parts of another size.
func (c *compiler) parts(n, size int, body func(lo, hi int)) func() {
	parts := (n + size - 1) / size
	part := func(i int) { body(i*size, min((i+1)*size, n)) }
	return func() { c.pool.Run(parts, part) }
}

// sum returns a function that adds up the sums over parts of [0,n), of that size, in
// their order.
func (c *compiler) sum(n, size int, over func(lo, hi int) float64) func() float64 {
	sums := make([]float64, (n+size-1)/size)
	run := c.parts(n, size, func(lo, hi int) { sums[lo/size] = over(lo, hi) })
	return func() (total float64) {
		run()
		for _, s := range sums {
			total += s
		}
		return total
	}
}

// cpuMachine runs a graph's nodes in order, each into a buffer that is its own
// for life. It allocates nothing in RunAll.
type cpuMachine struct {
	nodes  []*G.Node
	steps  []func() error
	open   []float32 // of the gate, nil if there is none
	gated  int       // nodes from here on follow from the gate: skipped where it is shut
	later  []*deferral
	sights map[*G.Node]*sight    // of patches that are not laid out
	fused  map[*G.Node][]operand // inputs of nodes that are computed with what follows from them
}

var (
	_ G.VM     = (*cpuMachine)(nil)
	_ deferrer = (*cpuMachine)(nil)
)

// Machine implements Engine.
func (e *cpuEngine) Machine(g *G.ExprGraph) (G.VM, error) {
	sorted, err := inOrder(g)
	if err != nil {
		return nil, err
	}
	m := &cpuMachine{sights: map[*G.Node]*sight{}, fused: map[*G.Node][]operand{}}
	sorted, m.gated = gatedLast(g, sorted)
	for i, n := range sorted {
		if i == m.gated {
			m.gated = len(m.nodes)
		}
		children := g.From(n.ID())
		if children.Len() == 0 {
			continue // an input or a constant
		}
		in, err := m.operands(children)
		if err != nil {
			return nil, fmt.Errorf("graph: compiling %v: %w", n.Op(), err)
		}
		if isFused(g, n) {
			m.fused[n] = in
			continue
		}
		out, err := bind(n)
		if err != nil {
			return nil, fmt.Errorf("graph: compiling %v: %w", n.Op(), err)
		}
		if step := m.compile(e, g, n, out, in); step != nil {
			m.nodes, m.steps = append(m.nodes, n), append(m.steps, step)
		}
		if isGate(n) {
			m.open = float32s(n.Value())
		}
	}
	return m, nil
}

// childrenOf returns what a node is computed from.
func childrenOf(g *G.ExprGraph, n *G.Node) (all G.Nodes) {
	for children := g.From(n.ID()); children.Next(); {
		all = append(all, children.Node().(*G.Node))
	}
	return all
}

// inOrder returns a graph's nodes, each after those it is computed from.
func inOrder(g *G.ExprGraph) (G.Nodes, error) {
	nodes, err := G.Sort(g)
	slices.Reverse(nodes) // Sort puts the roots first
	return nodes, err
}

// gatedLast moves the nodes that follow from the gate behind those that do
// not, and returns the place of the first.
func gatedLast(g *G.ExprGraph, sorted G.Nodes) (order G.Nodes, gated int) {
	var after G.Nodes
	follows := map[*G.Node]bool{}
	for _, n := range sorted {
		for children := g.From(n.ID()); children.Next(); {
			child := children.Node().(*G.Node)
			follows[n] = follows[n] || follows[child] || isGate(child)
		}
		if follows[n] {
			after = append(after, n)
		} else {
			order = append(order, n)
		}
	}
	return append(order, after...), len(order)
}

func isGate(n *G.Node) bool {
	o, ok := n.Op().(*op)
	if !ok {
		return false
	}
	_, ok = o.formula.(decide)
	return ok
}

// operands returns a node's inputs. Those that are fused have no storage.
func (m *cpuMachine) operands(children graph.Nodes) (in []operand, err error) {
	for children.Next() {
		child := children.Node().(*G.Node)
		one := operand{shape: child.Shape(), sight: m.sights[child]}
		if m.fused[child] == nil {
			if child.Value() == nil {
				return nil, fmt.Errorf("input %v has no value", child)
			}
			one.data = float32s(child.Value())
		}
		in = append(in, one)
	}
	return in, nil
}

// bind gives a node a buffer, as its value.
func bind(n *G.Node) (out []float32, err error) {
	out = make([]float32, max(n.Shape().TotalSize(), 1))
	return out, G.UnsafeLet(n, float32Value(out, n.Shape()))
}

// step returns what fills a node's buffer from its inputs.
func (e *cpuEngine) step(n *G.Node, children graph.Nodes, out []float32, in []operand) func() error {
	if o, ok := n.Op().(*op); ok {
		run := o.compile(&e.compiler, out, in)
		return func() error { run(); return nil }
	}
	// An op of Gorgonia's own: right, but it allocates.
	foreign := n.Op()
	var values []G.Value
	for children.Next() {
		values = append(values, children.Node().(*G.Node).Value())
	}
	return func() error {
		v, err := foreign.Do(values...)
		if err == nil {
			copy(out, float32s(v))
		}
		return err
	}
}

// RunAll implements gorgonia.VM. A panic of an op becomes an error that names it.
func (m *cpuMachine) RunAll() (err error) {
	at := 0
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("graph: %v panicked: %v", m.nodes[at].Op(), r)
		}
	}()
	for _, d := range m.later {
		d.fresh = false
	}
	for _, s := range m.sights {
		s.laid = false
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

// deferred implements deferrer.
func (m *cpuMachine) deferred(n *G.Node) *deferral {
	for _, d := range m.later {
		if d.node == n {
			return d
		}
	}
	return nil
}

// sightOf implements deferrer.
func (m *cpuMachine) sightOf(n *G.Node) *sight { return m.sights[n] }

// shut says that no presentation has opened the gate.
func (m *cpuMachine) shut() bool {
	return m.open != nil && !slices.Contains(m.open, 1)
}

// Reset implements gorgonia.VM: there is nothing to reset.
func (m *cpuMachine) Reset() {}

// Close implements gorgonia.VM.
func (m *cpuMachine) Close() error { return nil }
