package train

import (
	"cmp"
	"errors"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/gpu"
	"ergon/masks/device"
)

// devicePass is a whole training step of one batch size, recorded: gather,
// forward, backward, observe, update, settle.
type devicePass struct {
	batch   int
	program *graph.DeviceProgram
	one     gpu.Graph // a step
	many    gpu.Graph // steps in a row; nil until there are so many
	record  func(steps int) (gpu.Graph, error)
	memory  deviceMemory
}

// inARow is how many steps are recorded together: launching a graph costs
// microseconds, as much as a small kernel.
const inARow = 16

// newDevicePass records the step of a batch size.
func newDevicePass(s *deviceStepper, batch int) (p *devicePass, err error) {
	p = &devicePass{batch: batch, memory: deviceMemory{device: s.device}}
	if p.program, err = graph.Lower(s.runs[0].Model, s.device, s.place, batch, true); err != nil {
		return nil, err
	}
	p.memory.keep(p.program.Close)
	watch, err := newDeviceWatch(s, p)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	presented := device.Presentation{Batch: batch, Activity: []gpu.Pointer{p.program.X()}}
	for l := range s.layers {
		presented.Activity = append(presented.Activity, p.program.Postsynaptic(l))
		presented.Errors = append(presented.Errors, p.program.Error(l))
	}
	gather := datasets.Batch{
		X: p.program.X(), Target: p.program.Target(), Size: batch, Width: s.runs[0].Model.InputWidth(),
		Examples: s.batches.examples.Pointer, PerStep: s.batches.perStep(), PerNetwork: s.batches.largest, Clock: s.clock.Pointer,
	}
	step := func() error {
		if err := s.batches.sets.Gather(gather); err != nil {
			return err
		}
		if err := p.program.Queue(); err != nil {
			return err
		}
		if err := watch.observe(); err != nil {
			return err
		}
		if err := s.updater.QueueFor(presented); err != nil {
			return err
		}
		return watch.settle()
	}
	p.record = func(steps int) (gpu.Graph, error) {
		return s.device.Capture(func() error {
			for range steps {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err = s.rehearse(step); err == nil {
		p.one, err = p.record(1)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// rehearse makes a step of networks that are all halted, so that nothing is
// learned: kernels may be loaded when they are first launched, which must not
// be while work is recorded.
func (s *deviceStepper) rehearse(step func() error) error {
	all, over := make([]uint32, len(s.over)), make([]uint32, len(s.over))
	for i, ended := range s.over {
		all[i] = 1
		if ended {
			over[i] = 1
		}
	}
	if err := errors.Join(s.halted.Upload(all), s.clock.Zero()); err != nil {
		return err
	}
	return errors.Join(step(), s.halted.Upload(over))
}

// repeat queues the step n times.
func (p *devicePass) repeat(n int) (err error) {
	if n >= inARow && p.many == nil {
		if p.many, err = p.record(inARow); err != nil {
			return err
		}
	}
	for ; n >= inARow; n -= inARow {
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
