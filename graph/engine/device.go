package engine

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"

	"ergon/graph/device"
	"ergon/internal/gpu"
	"ergon/internal/parallel"
)

// deviceEngine runs graphs on a graphics processor. Its sums are in float32 at every
// batch size, in an order that the library chooses. The cpu engine adds those of a single
// presentation in float64 (op/single.go); this one does not.
type deviceEngine struct {
	device gpu.Device
	pool   *parallel.Pool // for what stays on the host
}

var _ Engine = (*deviceEngine)(nil)

// DeviceOf returns the device of an engine that computes on one.
func DeviceOf(e Engine) (d gpu.Device, ok bool) {
	g, ok := e.(*deviceEngine)
	if !ok {
		return nil, false
	}
	return g.device, true
}

// Name implements Engine.
func (e *deviceEngine) Name() string { return fmt.Sprintf("gpu (%s)", e.device.Info().Name) }

// BLAS implements Engine.
func (e *deviceEngine) BLAS() string { return e.device.Info().BLAS }

// Pool implements Engine.
func (e *deviceEngine) Pool() *parallel.Pool { return e.pool }

// Close implements Engine. It frees what is left on the device.
func (e *deviceEngine) Close() {
	e.pool.Close()
	_ = e.device.Close() // an error changes nothing: the device is not used again
}

// Machine implements Engine.
func (e *deviceEngine) Machine(g *G.ExprGraph) (G.VM, error) {
	m := &deviceMachine{lowering: device.NewLowering(e.device, 1)}
	if err := m.build(g); err != nil {
		return nil, errors.Join(err, m.lowering.Release())
	}
	return m, nil
}
