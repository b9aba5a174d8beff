package masks

import (
	"fmt"
	"slices"

	"ergon/internal/schema"
)

// MaskSpec describes a mask. A kind registers itself in Masks.
type MaskSpec interface {
	// New makes the mask for a network. Its random numbers come from streams
	// whose names begin with name.
	New(net Network, seed uint64, name string) (Mask, error)
}

// Mask is the M of ΔJ = clip(-η M ⊙ ∂L/∂J), given as the set of synapses it keeps.
type Mask interface {
	// Begin draws the mask of a step. It fails if the step lacks something that the
	// mask reads.
	Begin(step *Step) error
	// KeepsAll reports whether the mask keeps every synapse of the array in the
	// current step.
	KeepsAll(s *Synapses) bool
	// Select appends the synapses of [lo,hi) that may change in the current step to
	// kept, ascending, and returns it. Calls may be concurrent, and other chunks of
	// the array may have been updated already: it may read weights of [lo,hi) only,
	// and any gradient.
	Select(s *Synapses, lo, hi int, kept []int32) []int32
}

// Scope restricts a mask to some layers, and says whether it masks biases.
type Scope struct {
	Layers []int `key:"layers" doc:"layers it masks, 1 is the one from the input; []: all" in:"[1,inf)"`
	Biases bool  `key:"biases" doc:"mask biases like weights; false leaves them all plastic"`
}

// Covers reports whether the mask applies to an array.
func (s *Scope) Covers(a *Synapses) bool {
	return (s.Biases || !a.Bias) && (len(s.Layers) == 0 || slices.Contains(s.Layers, a.Layer+1))
}

// Check returns an error if the scope names a layer that the network does not have.
func (s *Scope) Check(layers []Layer) error {
	for _, l := range s.Layers {
		if l > len(layers) {
			return schema.Fieldf("layers", "layer %d of a network that has %d", l, len(layers))
		}
	}
	return nil
}

// Draw begins a step on every mask, in order. Each sees those before it in
// step.Before.
func Draw(all []Mask, step *Step) error {
	for i, m := range all {
		step.Before = all[:i]
		if err := m.Begin(step); err != nil {
			return schema.Under(fmt.Sprintf("rule.mask[%d]", i-ofNetwork(all)), err)
		}
	}
	return nil
}

// ofNetwork returns how many of a rule's masks the network has put before the rule's own.
func ofNetwork(all []Mask) (n int) {
	for _, m := range all {
		switch m.(type) {
		case fixedLayers, triangle:
			n++
		}
	}
	return n
}

// Intersect returns the elements of a that are in b, in a's storage; both ascend.
func Intersect(a, b []int32) []int32 {
	kept, j := a[:0], 0
	for _, i := range a {
		for j < len(b) && b[j] < i {
			j++
		}
		if j == len(b) {
			break
		}
		if b[j] == i {
			kept = append(kept, i)
		}
	}
	return kept
}

// NewMasks makes the rule's masks for a network. Mask i draws from streams named "mask/i…".
// Before them stand those of the network, whatever the rule: that layers which are fixed stay
// so, and that what is no synapse does not change.
func (r *Rule) NewMasks(net Network, seed uint64) (all []Mask, err error) {
	all = append(newFixed(net), newTriangle(net)...)
	for i, spec := range r.Mask {
		m, err := spec.New(net, seed, fmt.Sprintf("mask/%d", i))
		if err != nil {
			return nil, schema.Under(fmt.Sprintf("rule.mask[%d]", i), err)
		}
		all = append(all, m)
	}
	return all, nil
}
