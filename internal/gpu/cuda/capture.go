//go:build gpu

package cuda

// #include "driver.h"
import "C"

import (
	"unsafe"

	"ergon/internal/gpu"
)

// graph is captured work, ready to be launched.
type graph struct {
	device     *device
	executable unsafe.Pointer
}

var _ gpu.Graph = (*graph)(nil)

// Capture implements gpu.Device.
func (d *device) Capture(work func() error) (gpu.Graph, error) {
	if d.capturing {
		return nil, errCapturing
	}
	if err := failure("cuStreamBeginCapture", C.driver_capture_begin(d.queue)); err != nil {
		return nil, err
	}
	d.capturing = true
	recorded := false
	defer func() { // also where work panics: the stream must not go on recording
		d.capturing = false
		if !recorded {
			C.driver_capture_end(d.queue, nil)
		}
	}()
	if err := work(); err != nil {
		return nil, err
	}
	recorded = true
	g := &graph{device: d}
	if err := failure("cuStreamEndCapture", C.driver_capture_end(d.queue, &g.executable)); err != nil {
		return nil, err
	}
	d.graphs[g] = true
	return g, nil
}

// Launch implements gpu.Graph.
func (g *graph) Launch() error {
	switch {
	case g.executable == nil:
		return errClosed
	case g.device.capturing:
		return errCapturing
	}
	return failure("cuGraphLaunch", C.driver_graph_launch(g.device.queue, g.executable))
}

// Close implements gpu.Graph. Closing twice does nothing.
func (g *graph) Close() error {
	if g.executable == nil {
		return nil
	}
	delete(g.device.graphs, g)
	executable := g.executable
	g.executable = nil
	return failure("cuGraphExecDestroy", C.driver_graph_destroy(executable))
}
