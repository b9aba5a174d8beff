package rules

import (
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
)

// The masks below embed a built-in kind's mask and select something else. They inherit
// its capabilities, which are then wrong: the bits and blocks of other synapses.
type (
	otherBernoulli   struct{ *bernoulli }
	otherNeurons     struct{ *neurons }
	otherSubnet      struct{ *subnet }
	otherAlternating struct{ *alternating }
	otherPerClass    struct{ *perClass }
	otherSynapses    struct{ *fixedSynapses }
)

func (otherBernoulli) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32   { return kept }
func (otherNeurons) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32     { return kept }
func (otherSubnet) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32      { return kept }
func (otherAlternating) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32 { return kept }
func (otherPerClass) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32    { return kept }
func (otherSynapses) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32    { return kept }

// embedding is the spec of such a mask.
type embedding struct {
	masks.MaskSpec
	wrap func(masks.Mask) masks.Mask
}

func (e embedding) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	m, err := e.MaskSpec.New(net, seed, name)
	return e.wrap(m), err
}

// A mask that embeds a built-in one and overrides Select would be updated by the
// embedded one's capabilities. The suite refuses it, for each kind.
func TestEmbeddedCapabilitiesAreRefused(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{{In: 12, Out: 9, Bias: true}, {In: 9, Out: 4, Bias: true}}, Classes: maskstest.Classes}
	for kind, wrap := range map[string]func(masks.Mask) masks.Mask{
		"bernoulli":   func(m masks.Mask) masks.Mask { return otherBernoulli{m.(*bernoulli)} },
		"neurons":     func(m masks.Mask) masks.Mask { return otherNeurons{m.(*neurons)} },
		"subnet":      func(m masks.Mask) masks.Mask { return otherSubnet{m.(*subnet)} },
		"alternating": func(m masks.Mask) masks.Mask { return otherAlternating{m.(*alternating)} },
		"per_class":   func(m masks.Mask) masks.Mask { return otherPerClass{m.(*perClass)} },
		"synapses":    func(m masks.Mask) masks.Mask { return otherSynapses{m.(*fixedSynapses)} },
	} {
		spec, _ := masks.Masks.New(kind)
		rule := Default()
		rule.Mask = []masks.MaskSpec{spec}
		if err := maskstest.CheckMasks(&rule, net, 1, 1); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		rule.Mask = []masks.MaskSpec{embedding{spec, wrap}}
		if err := maskstest.CheckMasks(&rule, net, 1, 1); err == nil {
			t.Errorf("%s: a mask that embeds it and selects something else passes", kind)
		}
	}
}

// A mask that embeds the spec of a built-in kind inherits no capability.
func TestEmbeddedSpecsOfferNothing(t *testing.T) {
	for _, kind := range masks.Masks.Kinds() {
		spec, _ := masks.Masks.New(kind.Name)
		if offered := maskstest.CapabilitiesOf(spec); len(offered) > 0 {
			t.Errorf("%s: its spec offers %v, which a kind that embeds it would inherit", kind.Name, offered)
		}
	}
}
