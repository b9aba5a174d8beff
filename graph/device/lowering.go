package device

import (
	"errors"
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/internal/gpu"
)

// Lowering turns a graph into a list of products and launches on a device, for several
// networks side by side. Formulas append to the list. A formula may also change a launch
// that an earlier one appended, so that two nodes share it.
type Lowering struct {
	Device   gpu.Device
	networks int
	Work     []func() error
	free     []func() error // of what was allocated
	Places   map[*G.Node]Operand

	responses   map[gpu.Pointer]*response // launches that add biases, by their summed inputs z
	losses      map[lossPlace]*lossArguments
	pendingSums []batchSum           // not yet launched
	pending     map[gpu.Pointer]bool // the nodes that they fill
	batch       int                  // over which they sum
}

// NewLowering returns an empty list for so many networks.
func NewLowering(d gpu.Device, networks int) *Lowering {
	return &Lowering{
		Device: d, networks: networks, Places: map[*G.Node]Operand{},
		responses: map[gpu.Pointer]*response{}, losses: map[lossPlace]*lossArguments{}, pending: map[gpu.Pointer]bool{},
	}
}

// Lower appends all of a graph. Nodes that have memory on the device keep it, the others
// get some.
func (l *Lowering) Lower(g *G.ExprGraph) error {
	nodes, err := op.InOrder(g)
	if err != nil {
		return err
	}
	if err := checkKernels(nodes, g); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := l.node(g, n); err != nil {
			return err
		}
	}
	return l.launchSums()
}

// node gives a node memory and appends what computes it.
func (l *Lowering) node(g *G.ExprGraph, n *G.Node) error {
	children := g.From(n.ID())
	if children.Len() == 0 {
		return l.input(n)
	}
	out, err := l.place(n)
	if err != nil {
		return err
	}
	var in []Operand
	for children.Next() {
		child := l.Places[children.Node().(*G.Node)]
		if l.pending[child.At] {
			if err := l.launchSums(); err != nil {
				return err
			}
		}
		in = append(in, child)
	}
	return op.FormulaOf(n).(Lowered).Lower(l, out, in)
}

// place returns where a node is, after giving it memory if it has none.
func (l *Lowering) place(n *G.Node) (Operand, error) {
	if place, ok := l.Places[n]; ok {
		return place, nil
	}
	_, err := l.Reserve(n, false)
	return l.Places[n], err
}

// Reserve gives a node memory of its own; input says that the caller fills it.
func (l *Lowering) Reserve(n *G.Node, input bool) (gpu.Array[float32], error) {
	size := max(n.Shape().TotalSize(), 1)
	if size > math.MaxInt32 {
		return gpu.Array[float32]{}, fmt.Errorf("graph: %v of %d numbers, more than a kernel can count; take a smaller batch", n, size)
	}
	values, err := allocate[float32](l, l.networks*size)
	l.Places[n] = Operand{values.Pointer, size, n.Shape(), input}
	return values, err
}

// input uploads a node that nothing computes, unless it has memory: it is a constant,
// the same for all networks.
func (l *Lowering) input(n *G.Node) error {
	if _, ok := l.Places[n]; ok {
		return nil
	}
	if n.Value() == nil {
		return fmt.Errorf("graph: input %v has no value", n)
	}
	values := op.Float32s(n.Value())
	array, err := allocate[float32](l, len(values))
	if err != nil {
		return err
	}
	l.Places[n] = Operand{At: array.Pointer, Shape: n.Shape(), Input: true}
	return array.Upload(values)
}

// allocate returns memory that Release will free.
func allocate[T any](l *Lowering, n int) (gpu.Array[T], error) {
	array, err := gpu.New[T](l.Device, n)
	if err == nil {
		l.free = append(l.free, array.Free)
	}
	return array, err
}

// launch appends a launch of x blocks for each network. The arguments are read when it is
// queued, so they may be changed until then.
func launch[A any](l *Lowering, kernel string, x int, arguments *A) {
	l.Work = append(l.Work, func() error { return gpu.Launch(l.Device, kernel, x, l.networks, *arguments) })
}

// Multiply appends the product c = op(a)·op(b).
func (l *Lowering) Multiply(c, a Operand, transA bool, b Operand, transB bool) {
	p := gpu.Product{
		TransA: transA, TransB: transB, M: c.Shape[0], N: c.Shape[1], K: a.Shape[1],
		A: a.At, B: b.At, C: c.At, StrideA: a.Stride, StrideB: b.Stride, StrideC: c.Stride, Networks: l.networks,
	}
	if transA {
		p.K = a.Shape[0]
	}
	l.Work = append(l.Work, func() error { return l.Device.Multiply(p) })
}

// Release frees what the lowering allocated.
func (l *Lowering) Release() error {
	var failed []error
	for _, free := range l.free {
		failed = append(failed, free())
	}
	l.free = nil
	return errors.Join(failed...)
}

// Queue queues all of the work. It can be captured, after WarmUp.
func (l *Lowering) Queue() error { return RunAll(l.Work) }

// WarmUp does the work once. The library of products chooses and loads its kernels when
// it is first called, which must not happen while work is captured.
func (l *Lowering) WarmUp() error { return errors.Join(l.Queue(), l.Device.Synchronize()) }

// RunAll calls functions until one fails.
func RunAll(functions []func() error) error {
	for _, f := range functions {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}
