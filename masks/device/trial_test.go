package device

import (
	"encoding/binary"
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/gpu"
	"ergon/internal/philox"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
)

// trial is several networks on a device, and the same networks under cpu.Updaters.
type trial struct {
	t        rapid.TB
	device   gpu.Device
	layers   []masks.Layer
	updaters []*cpu.Updater
	networks [][]G.ValueGrad // of the updaters
	outer    bool            // gradients are outer products of activities and errors, as at batch 1

	memory             memory
	weights, gradients gpu.Array[float32]
	clock, halted      gpu.Array[uint32]
	place              Place
	onDevice           *Updater
	step               uint64
}

const (
	trialClasses = 3
	trialSeed    = 10 // of the first network's rule
)

// newTrial makes networks, one for each rule, with different seeds and weights.
func newTrial(t rapid.TB, d gpu.Device, layers []masks.Layer, of []masks.Rule, batch, maxSteps int) *trial {
	t.Helper()
	r := &trial{t: t, device: d, layers: layers, memory: memory{device: d}, outer: batch == 1}
	var sizes []int
	for _, s := range masks.Arrays(layers) {
		sizes = append(sizes, s.In*s.Out)
	}
	r.place.Layout = gpu.NewLayout(sizes)
	total := len(of) * r.place.Layout.Size
	r.weights, r.gradients = allocZeros[float32](r, total), allocZeros[float32](r, total)
	r.clock, r.halted = allocZeros[uint32](r, 1), allocZeros[uint32](r, len(of))
	r.place.Weights, r.place.Gradients = r.weights.Pointer, r.gradients.Pointer
	r.place.Clock, r.place.Halted = r.clock.Pointer, r.halted.Pointer
	var nets []masks.Network
	var seeds []uint64
	for i, rule := range of {
		nets, seeds = append(nets, masks.Network{Layers: layers, Classes: trialClasses}), append(seeds, trialSeed+uint64(i))
		u, err := cpu.NewUpdater(rule, nets[i], seeds[i], nil)
		r.check(err)
		r.updaters = append(r.updaters, u)
		r.networks = append(r.networks, maskstest.Parameters(layers, uint64(i)))
		for _, p := range r.networks[i] {
			w := p.(maskstest.Parameter).Weights()
			w[len(w)/2] = float32(math.Copysign(0, -1)) // a masked synapse keeps its sign
		}
		r.upload(r.weights, i, maskstest.Weights(r.networks[i]))
	}
	r.batch(batch)
	var err error
	r.onDevice, err = NewUpdater(d, r.place, of, nets, seeds, maxSteps)
	r.check(err)
	return r
}

func allocZeros[T any](r *trial, n int) gpu.Array[T] {
	r.t.Helper()
	a, err := alloc[T](&r.memory, n)
	r.check(err)
	return a
}

func (r *trial) check(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *trial) close() {
	r.t.Helper()
	r.check(r.onDevice.Close())
	r.check(r.memory.free())
}

// batch allocates the activities and errors of a batch.
func (r *trial) batch(batch int) {
	r.place.Presentation = Presentation{Batch: batch}
	for _, units := range masks.UnitCounts(r.layers) {
		r.place.Activity = append(r.place.Activity, allocZeros[float32](r, len(r.updaters)*batch*units).Pointer)
	}
	for _, l := range r.layers {
		r.place.Errors = append(r.place.Errors, allocZeros[float32](r, len(r.updaters)*batch*l.Out).Pointer)
	}
}

// upload writes a network's arrays.
func (r *trial) upload(to gpu.Array[float32], network int, values [][]float32) {
	r.t.Helper()
	flat := make([]float32, r.place.Layout.Size)
	r.place.Layout.Pack(flat, values)
	r.check(to.UploadAt(network*r.place.Layout.Size, flat))
}

// labels returns the classes presented to a network in a step.
func (r *trial) labels(network int, step uint64) []int32 {
	labels := make([]int32, r.place.Batch)
	for b := range labels {
		labels[b] = int32(philox.New(uint64(network), "test/labels").Uint32(step, uint64(b)) % trialClasses)
	}
	return labels
}

// present draws activities, errors and labels of a network for the step, and uploads
// them.
func (r *trial) present(network int) masks.Presentation {
	r.t.Helper()
	p := masks.Presentation{Batch: r.place.Batch, Labels: r.labels(network, r.step)}
	draw := func(name string, least float32, to gpu.Pointer, n int) []float32 {
		x := make([]float32, n)
		philox.New(uint64(network), name).Normals(r.step, 0, x)
		var bytes []byte
		for i := range x {
			x[i] = max(x[i], least) // many are equal
			bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(x[i]))
		}
		r.check(r.device.Upload(to.Plus(network*n), bytes))
		return x
	}
	for u, units := range masks.UnitCounts(r.layers) {
		p.Activity = append(p.Activity, draw(fmt.Sprint("test/activity/", u), 0, r.place.Activity[u], r.place.Batch*units))
	}
	for l, layer := range r.layers {
		p.Errors = append(p.Errors, draw(fmt.Sprint("test/errors/", l), -1, r.place.Errors[l], r.place.Batch*layer.Out))
	}
	return p
}

// differentiate fills in a network's gradients.
func (r *trial) differentiate(network int, p masks.Presentation) {
	r.t.Helper()
	maskstest.Differentiate(r.networks[network], r.step+uint64(network)<<20)
	var all [][]float32
	for a, s := range masks.Arrays(r.layers) {
		g := r.networks[network][a].(maskstest.Parameter).Gradient()
		for i := 0; r.outer && i < len(g); i++ {
			g[i] = p.Errors[s.Layer][i%s.Out]
			if !s.Bias {
				g[i] *= p.Activity[s.Layer][i/s.Out]
			}
		}
		all = append(all, g)
	}
	r.upload(r.gradients, network, all)
}

// run prepares n steps, makes them on device and host, and compares after each. A nil
// queue means QueueFor.
func (r *trial) run(n int, queue func() error) {
	r.t.Helper()
	if queue == nil {
		queue = func() error { return r.onDevice.QueueFor(r.place.Presentation) }
	}
	halted := make([]uint32, len(r.updaters))
	r.check(r.halted.Download(halted))
	r.check(r.onDevice.Prepare(r.step, n, r.labels))
	for t := range n {
		r.check(r.clock.Upload([]uint32{uint32(t)}))
		for i, net := range r.networks {
			p := r.present(i)
			r.differentiate(i, p)
			r.updaters[i].Present(p)
			if halted[i] == 0 {
				r.check(r.updaters[i].Step(net))
			}
		}
		r.check(queue())
		tallies := make([]tallyRecord, r.onDevice.Chunks()*len(r.updaters))
		r.check(r.onDevice.tallies.Download(tallies))
		for i := range r.networks {
			r.compareWeights(i)
			r.compareCounts(i, tallies[i*r.onDevice.Chunks():], halted[i] != 0)
		}
		r.step++
	}
}

// compareWeights checks that a network's weights have the bits of cpu.Updater's.
func (r *trial) compareWeights(network int) {
	r.t.Helper()
	flat := make([]float32, r.place.Layout.Size)
	r.check(r.weights.DownloadAt(network*r.place.Layout.Size, flat))
	for a, want := range maskstest.Weights(r.networks[network]) {
		for i, w := range want {
			if got := flat[r.place.Layout.Offsets[a]+i]; math.Float32bits(got) != math.Float32bits(w) {
				r.t.Fatalf("network %d, step %d: synapse %d of array %d is %v, want %v", network, r.step, i, a, got, w)
			}
		}
	}
}

// compareCounts checks that a network's counts are cpu.Updater's: M0 and Stored exactly,
// M1 up to the order of its sum.
func (r *trial) compareCounts(network int, tallies []tallyRecord, halted bool) {
	r.t.Helper()
	for l := range r.layers {
		var got, want masks.Change
		if !halted {
			want = r.updaters[network].Changes()[l]
		}
		first, end := r.onDevice.LayerChunks(l)
		for _, t := range tallies[first:end] {
			got.Add(masks.Change{M0: int64(t.m0), M1: t.m1, Stored: int64(t.stored)})
		}
		if got.M0 != want.M0 || got.Stored != want.Stored || math.Abs(got.M1-want.M1) > 1e-12*want.M1 {
			r.t.Fatalf("network %d, step %d, layer %d: %+v, want %+v", network, r.step, l+1, got, want)
		}
	}
}
