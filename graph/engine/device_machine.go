package graph

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/internal/gpu"
)

// deviceMachine runs a graph on a device and shows every node's value to the
// host: it uploads all inputs before a run and downloads all nodes after it.
// That is right for any graph, and slow; DeviceProgram leaves them there.
type deviceMachine struct {
	lowering *lowering
	recorded gpu.Graph
	before   []func() error // uploads
	after    []func() error // downloads
}

var _ G.VM = (*deviceMachine)(nil)

// build lowers a graph, binds host memory to its nodes and records the work.
func (m *deviceMachine) build(g *G.ExprGraph) error {
	nodes, err := inOrder(g)
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
	if err := m.lowering.lower(g); err != nil {
		return err
	}
	if err := m.lowering.rehearse(); err != nil {
		return err
	}
	m.recorded, err = m.lowering.device.Capture(m.lowering.queue)
	return err
}

// take has an input uploaded. Its storage never moves.
func (m *deviceMachine) take(n *G.Node) error {
	if n.Value() == nil {
		return fmt.Errorf("graph: input %v has no value", n)
	}
	array, err := m.lowering.reserve(n, true)
	values := float32s(n.Value())
	m.before = append(m.before, func() error { return array.Upload(values) })
	return err
}

// show gives a node a place and a value, and has it downloaded.
func (m *deviceMachine) show(n *G.Node) error {
	array, err := m.lowering.reserve(n, false)
	if err != nil {
		return err
	}
	values := make([]float32, array.Len())
	m.after = append(m.after, func() error { return array.Download(values) })
	return G.UnsafeLet(n, float32Value(values, n.Shape()))
}

// RunAll implements gorgonia.VM.
func (m *deviceMachine) RunAll() error {
	if err := all(m.before); err != nil {
		return err
	}
	if err := m.recorded.Launch(); err != nil {
		return err
	}
	return all(m.after)
}

// all calls functions until one fails.
func all(functions []func() error) error {
	for _, f := range functions {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// Reset implements gorgonia.VM: there is nothing to reset.
func (m *deviceMachine) Reset() {}

// Close implements gorgonia.VM.
func (m *deviceMachine) Close() error { return errors.Join(m.recorded.Close(), m.lowering.release()) }
