package device

import (
	"errors"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
	"ergon/internal/state"
	"ergon/masks"
	"ergon/masks/maskstest"
)

// The update on a device leaves the bits of the reference, whatever the rule, and refuses
// by name what it has no kernels for.
func TestDeviceUpdaterConforms(t *testing.T) {
	d := testdevice.Open(t)
	var last *stepper // the suite has done with it when it makes another
	done := func() {
		if last == nil {
			return
		}
		if err := last.close(); err != nil {
			t.Error(err)
		}
		last = nil
	}
	t.Cleanup(done)
	maskstest.Conform(t, func(rule masks.Rule, net masks.Network, seed uint64) (maskstest.Stepper, error) {
		done()
		s, err := newStepper(d, rule, net, seed)
		if err != nil {
			return nil, err
		}
		last = s
		return s, nil
	})
}

var _ maskstest.Keeper = (*stepper)(nil)

// stepper is a network on a device. Its weights and gradients, and what it was presented,
// are uploaded for each step.
type stepper struct {
	*Updater
	memory             memory
	weights, gradients gpu.Array[float32]
	activity, errors   []gpu.Array[float32] // with room for mostPresented
	number             uint64
	presented          masks.Presentation
	changes            []masks.Change
}

// mostPresented is the largest batch of the suite.
const mostPresented = 3

func newStepper(d gpu.Device, rule masks.Rule, net masks.Network, seed uint64) (s *stepper, err error) {
	s = &stepper{memory: memory{device: d}, changes: make([]masks.Change, len(net.Layers))}
	var sizes []int
	for _, a := range masks.Arrays(net.Layers) {
		sizes = append(sizes, a.In*a.Out)
	}
	room := func(n int) (a gpu.Array[float32]) {
		if err == nil {
			a, err = alloc[float32](&s.memory, n)
		}
		return a
	}
	place := Place{Layout: gpu.NewLayout(sizes)}
	s.weights, s.gradients = room(place.Layout.Size), room(place.Layout.Size)
	place.Weights, place.Gradients = s.weights.Pointer, s.gradients.Pointer
	place.Clock, place.Halted = room(1).Pointer, room(1).Pointer // zeros
	place.Batch = mostPresented
	for _, units := range masks.UnitCounts(net.Layers) {
		s.activity = append(s.activity, room(mostPresented*units))
		place.Activity = append(place.Activity, s.activity[len(s.activity)-1].Pointer)
	}
	for _, l := range net.Layers {
		s.errors = append(s.errors, room(mostPresented*l.Out))
		place.Errors = append(place.Errors, s.errors[len(s.errors)-1].Pointer)
	}
	if err == nil {
		s.Updater, err = NewUpdater(d, place, []masks.Rule{rule}, []masks.Network{net}, []uint64{seed}, 1)
	}
	if err != nil {
		return nil, errors.Join(err, s.memory.free())
	}
	return s, nil
}

func (s *stepper) close() error { return errors.Join(s.Close(), s.memory.free()) }

// Step implements gorgonia.Solver.
func (s *stepper) Step(parameters []G.ValueGrad) error {
	var weights, gradients [][]float32
	for _, p := range parameters {
		g, err := p.Grad()
		if err != nil {
			return err
		}
		weights = append(weights, p.Value().(*tensor.Dense).Float32s())
		gradients = append(gradients, g.(*tensor.Dense).Float32s())
	}
	flat := make([]float32, s.place.Layout.Size)
	s.place.Layout.Pack(flat, gradients)
	err := s.gradients.Upload(flat)
	s.place.Layout.Pack(flat, weights)
	err = errors.Join(err, s.weights.Upload(flat))
	p := Presentation{Batch: s.presented.Batch, Activity: s.place.Activity, Errors: s.place.Errors}
	for l, x := range s.presented.Activity {
		err = errors.Join(err, s.activity[l].Upload(x))
	}
	for l, dz := range s.presented.Errors {
		err = errors.Join(err, s.errors[l].Upload(dz))
	}
	labels := func(int, uint64) []int32 { return s.presented.Labels }
	if err := errors.Join(err, s.Prepare(s.number, 1, labels), s.QueueFor(p), s.weights.Download(flat)); err != nil {
		return err
	}
	s.place.Layout.Unpack(weights, flat)
	s.number++
	return s.count()
}

// count adds up what the step did to each layer.
func (s *stepper) count() error {
	tallies := make([]tallyRecord, s.Chunks())
	if err := s.tallies.Download(tallies); err != nil {
		return err
	}
	for l := range s.changes {
		s.changes[l] = masks.Change{}
		first, end := s.LayerChunks(l)
		for _, t := range tallies[first:end] {
			s.changes[l].Add(masks.Change{M0: int64(t.m0), M1: t.m1, Stored: int64(t.stored)})
		}
	}
	return nil
}

// Save implements maskstest.Keeper.
func (s *stepper) Save() (*state.Snapshot, error) {
	s.next = s.number // a Rest is not prepared
	return s.Updater.Save(0)
}

// Load implements maskstest.Keeper.
func (s *stepper) Load(memory *state.Snapshot) error {
	err := s.Updater.Load(0, memory)
	s.number = s.next
	return err
}

func (s *stepper) Attach([][]float32)               {}
func (s *stepper) Present(p masks.Presentation)     { s.presented = p }
func (s *stepper) Rest(int)                         { s.number++; clear(s.changes) }
func (s *stepper) Transmit([][]float32)             {}
func (s *stepper) Restore([][]float32)              {}
func (s *stepper) Changes() []masks.Change          { return s.changes }
func (s *stepper) Memory() masks.Memory             { return nil }
func (s *stepper) Transmission() masks.Transmission { return nil }
