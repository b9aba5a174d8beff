package engine

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/gpu"
)

// deviceMachine runs a graph on a device and has every node's value on the host: it
// uploads all inputs before a run and downloads all nodes after it. That is right for any
// graph, and slow. A graph.DeviceProgram leaves the values on the device.
type deviceMachine struct {
	lowering *device.Lowering
	recorded gpu.Graph
	before   []func() error // uploads
	after    []func() error // downloads
}

var _ G.VM = (*deviceMachine)(nil)

// build lowers a graph, binds host memory to its nodes and records the work.
func (m *deviceMachine) build(g *G.ExprGraph) error {
	nodes, err := op.InOrder(g)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		if g.From(n.ID()).Len() > 0 {
			err = m.show(n)
		} else {
			err = m.take(n)
		}
		if err != nil {
			return err
		}
	}
	if err := m.lowering.Lower(g); err != nil {
		return err
	}
	if err := m.lowering.WarmUp(); err != nil {
		return err
	}
	m.recorded, err = m.lowering.Device.Capture(m.lowering.Queue)
	return err
}

// take has an input uploaded before each run. Its storage never moves.
func (m *deviceMachine) take(n *G.Node) error {
	if n.Value() == nil {
		return fmt.Errorf("graph: input %v has no value", n)
	}
	array, err := m.lowering.Reserve(n, true)
	values := op.Float32s(n.Value())
	m.before = append(m.before, func() error { return array.Upload(values) })
	return err
}

// show gives a node memory on the device and a value on the host, and has it downloaded
// after each run.
func (m *deviceMachine) show(n *G.Node) error {
	array, err := m.lowering.Reserve(n, false)
	if err != nil {
		return err
	}
	values := make([]float32, array.Len())
	m.after = append(m.after, func() error { return array.Download(values) })
	return G.UnsafeLet(n, op.Float32Value(values, n.Shape()))
}

// RunAll implements gorgonia.VM.
func (m *deviceMachine) RunAll() error {
	if err := device.RunAll(m.before); err != nil {
		return err
	}
	if err := m.recorded.Launch(); err != nil {
		return err
	}
	return device.RunAll(m.after)
}

// Reset implements gorgonia.VM: there is nothing to reset.
func (m *deviceMachine) Reset() {}

// Close implements gorgonia.VM.
func (m *deviceMachine) Close() error { return errors.Join(m.recorded.Close(), m.lowering.Release()) }
