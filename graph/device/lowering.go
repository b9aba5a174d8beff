package graph

import (
	"errors"
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"ergon/internal/gpu"
)

// lowering turns a graph into a list of products and launches on a device, for
// several networks side by side. Formulas append to it; what they append may be
// amended by a later one, which is how two nodes share a launch.
type lowering struct {
	device   gpu.Device
	networks int
	work     []func() error
	free     []func() error // of what was allocated
	places   map[*G.Node]deviceOperand

	responses map[gpu.Pointer]*response // by the summed inputs that they respond to
	losses    map[lossPlace]*lossArguments
	sums      []batchSum           // not yet launched
	late      map[gpu.Pointer]bool // the nodes that they fill
	batch     int                  // over which they sum
}

func newLowering(d gpu.Device, networks int) *lowering {
	return &lowering{
		device: d, networks: networks, places: map[*G.Node]deviceOperand{},
		responses: map[gpu.Pointer]*response{}, losses: map[lossPlace]*lossArguments{}, late: map[gpu.Pointer]bool{},
	}
}

// lower adds all of a graph. Nodes that have a place keep it, others get one.
func (l *lowering) lower(g *G.ExprGraph) error {
	nodes, err := inOrder(g)
	if err != nil {
		return err
	}
	if err := haveKernels(nodes, g); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := l.node(g, n); err != nil {
			return err
		}
	}
	return l.launchSums()
}

// node places a node and adds what computes it.
func (l *lowering) node(g *G.ExprGraph, n *G.Node) error {
	children := g.From(n.ID())
	if children.Len() == 0 {
		return l.input(n)
	}
	out, err := l.place(n)
	if err != nil {
		return err
	}
	var in []deviceOperand
	for children.Next() {
		child := l.places[children.Node().(*G.Node)]
		if l.late[child.at] {
			if err := l.launchSums(); err != nil {
				return err
			}
		}
		in = append(in, child)
	}
	return formulaOf(n).(lowered).lower(l, out, in)
}

// place returns where a node is, in memory of its own unless it has a place.
func (l *lowering) place(n *G.Node) (deviceOperand, error) {
	if place, ok := l.places[n]; ok {
		return place, nil
	}
	_, err := l.reserve(n, false)
	return l.places[n], err
}

// reserve gives a node a place of its own; input says that the caller fills it.
func (l *lowering) reserve(n *G.Node, input bool) (gpu.Array[float32], error) {
	size := max(n.Shape().TotalSize(), 1)
	if size > math.MaxInt32 {
		return gpu.Array[float32]{}, fmt.Errorf("graph: %v of %d numbers, more than a kernel can count; take a smaller batch", n, size)
	}
	values, err := allocate[float32](l, l.networks*size)
	l.places[n] = deviceOperand{values.Pointer, size, n.Shape(), input}
	return values, err
}

// input makes sure of a node that nothing computes. Constants are the same for
// all networks.
func (l *lowering) input(n *G.Node) error {
	if _, ok := l.places[n]; ok {
		return nil
	}
	if n.Value() == nil {
		return fmt.Errorf("graph: input %v has no value", n)
	}
	values := float32s(n.Value())
	array, err := allocate[float32](l, len(values))
	if err != nil {
		return err
	}
	l.places[n] = deviceOperand{at: array.Pointer, shape: n.Shape(), input: true}
	return array.Upload(values)
}

// allocate returns memory of the lowering's own.
func allocate[T any](l *lowering, n int) (gpu.Array[T], error) {
	array, err := gpu.New[T](l.device, n)
	if err == nil {
		l.free = append(l.free, array.Free)
	}
	return array, err
}

// launch adds a launch of x blocks for each network. The arguments are read
// when it is queued.
func launch[A any](l *lowering, kernel string, x int, arguments *A) {
	l.work = append(l.work, func() error { return gpu.Launch(l.device, kernel, x, l.networks, *arguments) })
}

// multiply adds the product c = op(a)·op(b).
func (l *lowering) multiply(c, a deviceOperand, transA bool, b deviceOperand, transB bool) {
	p := gpu.Product{
		TransA: transA, TransB: transB, M: c.shape[0], N: c.shape[1], K: a.shape[1],
		A: a.at, B: b.at, C: c.at, StrideA: a.stride, StrideB: b.stride, StrideC: c.stride, Networks: l.networks,
	}
	if transA {
		p.K = a.shape[0]
	}
	l.work = append(l.work, func() error { return l.device.Multiply(p) })
}

// release frees what the lowering allocated.
func (l *lowering) release() error {
	var failed []error
	for _, free := range l.free {
		failed = append(failed, free())
	}
	l.free = nil
	return errors.Join(failed...)
}

// queue queues all of the work. It can be captured, once it was rehearsed.
func (l *lowering) queue() error { return all(l.work) }

// rehearse does the work once. The library of products chooses and loads its
// kernels when it is first asked, which may not be while work is recorded.
func (l *lowering) rehearse() error { return errors.Join(l.queue(), l.device.Synchronize()) }
