// Package device applies the learning rules of many networks side by side on a GPU.
// It knows rules by their form for kernels (masks.DeviceSet, masks.OptimizerForm); the
// kernels lie beside their Go counterparts.
package device

import (
	"errors"
	"fmt"
	"math"

	"ergon/internal/gpu"
	"ergon/masks"
)

// Updater applies the rules of several networks of one geometry on a
// device, all of them in the same launches: it is the Updater of each. The
// rules may differ in everything.
//
// For equal gradients weights, M0 and Stored are the Updater's to the bit. M1 is
// added in float64 in another order, also always the same: each of 256 threads
// adds every 256th group of four synapses of a piece, then the threads' sums are
// added in pairs. So are, where the clip is by norm, the squares of a piece, and
// then those of the pieces.
type Updater struct {
	device    gpu.Device
	memory    memory
	place     Place
	all       []*masks.Synapses
	rules     []rule       // of each network
	sets      [][][]setUse // of each network and array: of the masks that do not leave it alone
	chunkEnds []int        // pieces before each layer's, and in all
	maxSteps  int

	units        unitSets
	competitions competitions
	steps        gpu.Array[stepRecord]  // [horizon][networks]
	tallies      gpu.Array[tallyRecord] // [networks][pieces]
	update       updateArgs             // the kernels' arguments
	fused        bool                   // there is a network whose updates are not to be shortened
}

// Place is where the numbers lie that an Updater shares with others.
type Place struct {
	Layout    gpu.Layout  // of a network's arrays: for each layer the weights, then the biases if it has them
	Weights   gpu.Pointer // float32 [networks][Layout.Size]
	Gradients gpu.Pointer // float32 [networks][Layout.Size]
	Clock     gpu.Pointer // uint32: steps made since Prepare, counted by the caller
	Halted    gpu.Pointer // uint32 [networks]: a network whose flag is not 0 changes no more
	Presentation
}

// Presentation is where a batch lies on the device, as far as masks look at it.
type Presentation struct {
	Batch    int
	Activity []gpu.Pointer // of each layer of units, the input first: float32 [networks][Batch,units]
	Errors   []gpu.Pointer // ∂loss/∂z of each layer of synapses: float32 [networks][Batch,Out]
}

// NewUpdater makes the updater of networks of the same layers, each with
// a rule and a seed of its own. Prepare will prepare up to horizon steps at a
// time. It fails where a rule does something that has no kernel.
func NewUpdater(d gpu.Device, place Place, rules []masks.Rule, nets []masks.Network, seeds []uint64, horizon int) (*Updater, error) {
	if len(rules) == 0 || len(nets) != len(rules) || len(seeds) != len(rules) || horizon < 1 {
		return nil, fmt.Errorf("masks: %d rules for %d networks with %d seeds, %d steps at a time; want one of each for each network, and a step",
			len(rules), len(nets), len(seeds), horizon)
	}
	u := &Updater{device: d, memory: memory{device: d}, place: place, all: masks.Arrays(nets[0].Layers), maxSteps: horizon}
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

// fits reports a layout that is not of the arrays.
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

// sameLayers reports networks that cannot be updated side by side.
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

// Tallies returns the address of what the last step did to each piece of each
// network: Tally [networks][Pieces()] of update.cuh.
func (u *Updater) Tallies() gpu.Pointer { return u.tallies.Pointer }

// Chunks returns in how many pieces a network's synapses are worked on.
func (u *Updater) Chunks() int { return u.chunkEnds[len(u.chunkEnds)-1] }

// LayerChunks returns which pieces are a layer's, weights and biases: first … end-1.
func (u *Updater) LayerChunks(l int) (first, end int) { return u.chunkEnds[l], u.chunkEnds[l+1] }

// Close frees what the updater has on the device.
func (u *Updater) Close() error { return u.memory.free() }
