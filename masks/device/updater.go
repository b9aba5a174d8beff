// Package device applies the learning rules of many networks at once on a GPU. It knows
// a rule by its description for kernels only (masks.DeviceSet, masks.OptimizerForm). The
// kernels lie beside their Go counterparts.
package device

import (
	"errors"
	"fmt"
	"math"

	"ergon/internal/gpu"
	"ergon/masks"
)

// Updater applies the rules of several networks with the same layers on a device, all
// in the same launches. The rules may differ in everything.
//
// For equal gradients, weights, M0 and Stored have the same bits as in cpu.Updater. M1
// is added in float64 in another order, which is also always the same: each of 256
// threads adds every 256th group of four synapses of a chunk, then the threads' sums
// are added in pairs. With a clip by norm, the squares of a chunk are added in this
// order too, and then those of the chunks.
type Updater struct {
	device    gpu.Device
	memory    memory
	place     Place
	all       []*masks.Synapses
	rules     []rule       // of each network
	sets      [][][]setUse // [networks][arrays] sets of the masks that restrict the array
	chunkEnds []int        // [layers+1] number of chunks before each layer's, and in all
	maxSteps  int          // that can be prepared at once

	remembered [][]gpu.Array[float32] // [networks][memories] of the optimizer: [place.Layout.Size]
	next       uint64                 // number of the step after those prepared

	units        unitSets
	competitions competitions
	steps        gpu.Array[stepRecord]  // [maxSteps][networks]
	tallies      gpu.Array[tallyRecord] // [networks][chunks]
	update       updateArgs             // the kernels' arguments
	fused        bool                   // at least one network has no clip by norm
}

// Place holds the addresses of the numbers that an Updater shares with its caller.
type Place struct {
	Layout    gpu.Layout  // of a network's arrays: for each layer the weights, then the biases if it has them
	Weights   gpu.Pointer // float32 [networks][Layout.Size]
	Gradients gpu.Pointer // float32 [networks][Layout.Size]
	Clock     gpu.Pointer // uint32: steps made since Prepare, counted by the caller
	Halted    gpu.Pointer // uint32 [networks]: a network whose flag is not 0 changes no more
	Presentation
}

// Presentation holds the addresses of what masks read of a batch.
type Presentation struct {
	Batch    int
	Activity []gpu.Pointer // of each layer of units, the input first: float32 [networks][Batch,units]
	Errors   []gpu.Pointer // ∂loss/∂z of each layer of synapses: float32 [networks][Batch,Out]
}

// NewUpdater makes the updater of networks with the same layers, each with its own rule
// and seed. Prepare takes up to maxSteps steps at once. It fails if a stage of a rule
// has no kernel, or if place does not fit the networks. The caller must Close it.
func NewUpdater(d gpu.Device, place Place, rules []masks.Rule, nets []masks.Network, seeds []uint64, maxSteps int) (*Updater, error) {
	if len(rules) == 0 || len(nets) != len(rules) || len(seeds) != len(rules) || maxSteps < 1 {
		return nil, fmt.Errorf("masks: %d rules for %d networks with %d seeds, %d steps at a time; want one of each for each network, and a step",
			len(rules), len(nets), len(seeds), maxSteps)
	}
	u := &Updater{device: d, memory: memory{device: d}, place: place, all: masks.Arrays(nets[0].Layers), maxSteps: maxSteps}
	if err := place.fits(u.all); err != nil {
		return nil, err
	}
	for n, rule := range rules {
		if err := sameLayers(nets[0].Layers, nets[n].Layers); err != nil {
			return nil, fmt.Errorf("masks: network %d: %w", n, err)
		}
		r, err := newRule(rule, nets[n], seeds[n])
		if err != nil {
			return nil, err
		}
		u.rules = append(u.rules, r)
	}
	if err := u.build(); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// fits returns an error if the layout is not that of the arrays.
func (p *Place) fits(all []*masks.Synapses) error {
	if len(p.Layout.Sizes) != len(all) {
		return fmt.Errorf("masks: a layout of %d arrays for %d arrays of synapses", len(p.Layout.Sizes), len(all))
	}
	for a, s := range all {
		if p.Layout.Sizes[a] != s.In*s.Out {
			return fmt.Errorf("masks: array %d of the layout has %d numbers, and there are %d×%d synapses", a, p.Layout.Sizes[a], s.In, s.Out)
		}
	}
	if p.Layout.Size > math.MaxInt32 {
		return fmt.Errorf("masks: a network of %d numbers; kernels count up to %d", p.Layout.Size, math.MaxInt32)
	}
	return nil
}

// sameLayers returns an error if two networks do not have layers of the same shape.
func sameLayers(want, got []masks.Layer) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d layers beside a network of %d", len(got), len(want))
	}
	for l := range want {
		if a, b := want[l], got[l]; a.In != b.In || a.Out != b.Out || a.Bias != b.Bias {
			return fmt.Errorf("layer %d is %+v beside a network's %+v", l+1, b, a)
		}
	}
	return nil
}

// Tallies returns the address of what the last step did to each chunk of each network:
// Tally [networks][Chunks()] of update.cuh.
func (u *Updater) Tallies() gpu.Pointer { return u.tallies.Pointer }

// Chunks returns the number of chunks of a network.
func (u *Updater) Chunks() int { return u.chunkEnds[len(u.chunkEnds)-1] }

// LayerChunks returns the chunks of a layer, weights and biases: first … end-1.
func (u *Updater) LayerChunks(l int) (first, end int) { return u.chunkEnds[l], u.chunkEnds[l+1] }

// Close frees the updater's memory on the device.
func (u *Updater) Close() error { return u.memory.free() }
