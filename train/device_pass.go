package train

import (
	"cmp"
	"errors"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/gpu"
	"ergon/masks/device"
)

// devicePass is a whole training step of one batch size, recorded as a graph of kernels:
// gather, forward, backward, observe, update, settle.
type devicePass struct {
	batch   int
	program *graph.DeviceProgram
	one     gpu.Graph // one step
	many    gpu.Graph // stepsPerGraph steps; nil until so many are asked for at once
	record  func(steps int) (gpu.Graph, error)
	memory  deviceMemory
}

// stepsPerGraph is the number of steps that are recorded together: to launch a graph
// costs microseconds, as much as a small kernel.
const stepsPerGraph = 16

// newDevicePass records the step of a batch size.
func newDevicePass(d *deviceDriver, batch int) (p *devicePass, err error) {
	p = &devicePass{batch: batch, memory: deviceMemory{device: d.device}}
	if p.program, err = graph.Lower(d.runs[0].Model, d.device, d.place, batch, true); err != nil {
		return nil, err
	}
	p.memory.keep(p.program.Close)
	observer, err := newDeviceObserver(d, p)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	presented := device.Presentation{Batch: batch, Activity: []gpu.Pointer{p.program.X()}}
	for l := range d.layers {
		presented.Activity = append(presented.Activity, p.program.Postsynaptic(l))
		presented.Errors = append(presented.Errors, p.program.Error(l))
	}
	gather := datasets.Batch{
		X: p.program.X(), Target: p.program.Target(), Size: batch, Width: d.runs[0].Model.InputWidth(),
		Examples: d.batches.examples.Pointer, PerStep: d.batches.perStep(), PerNetwork: d.batches.largest, Clock: d.clock.Pointer,
	}
	step := func() error {
		if err := d.batches.sets.Gather(gather); err != nil {
			return err
		}
		if err := p.program.Queue(); err != nil {
			return err
		}
		if err := observer.observe(); err != nil {
			return err
		}
		if err := d.updater.QueueFor(presented); err != nil {
			return err
		}
		return observer.settle()
	}
	p.record = func(steps int) (gpu.Graph, error) {
		return d.device.Capture(func() error {
			for range steps {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err = d.warmUp(step); err == nil {
		p.one, err = p.record(1)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// warmUp makes a step of networks that are all halted, so that nothing is learned.
// Kernels may be loaded when they are first launched, which must not happen while a
// graph is recorded.
func (d *deviceDriver) warmUp(step func() error) error {
	all, ended := make([]uint32, len(d.done)), make([]uint32, len(d.done))
	for i, done := range d.done {
		all[i] = 1
		if done {
			ended[i] = 1
		}
	}
	if err := errors.Join(d.halted.Upload(all), d.clock.Zero()); err != nil {
		return err
	}
	return errors.Join(step(), d.halted.Upload(ended))
}

// repeat queues the step n times.
func (p *devicePass) repeat(n int) (err error) {
	if n >= stepsPerGraph && p.many == nil {
		if p.many, err = p.record(stepsPerGraph); err != nil {
			return err
		}
	}
	for ; n >= stepsPerGraph; n -= stepsPerGraph {
		if err := p.many.Launch(); err != nil {
			return err
		}
	}
	for range n {
		if err := p.one.Launch(); err != nil {
			return err
		}
	}
	return nil
}

func (p *devicePass) close() (err error) {
	for _, g := range []gpu.Graph{p.one, p.many} {
		if g != nil {
			err = cmp.Or(err, g.Close())
		}
	}
	return cmp.Or(err, p.memory.free())
}
