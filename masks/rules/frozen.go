package rules

import (
	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Frozen keeps no synapse of the named layers: they do not change.
type Frozen struct{ masks.Scope }

func init() {
	masks.Masks.Register("frozen", schema.Doc{
		Summary: "the named layers do not change",
		Source:  "random features: van Rossum & Pache 2024, rule 7",
	}, func() masks.MaskSpec { return &Frozen{masks.Scope{Layers: []int{1}, Biases: true}} })
}

var (
	_ masks.MaskSpec     = (*Frozen)(nil)
	_ masks.Mask         = (*Frozen)(nil)
	_ masks.GradientFree = frozen{}
	_ masks.Local        = frozen{}
	_ masks.DrawnAhead   = frozen{}
	_ masks.UnitBlock    = frozen{}
	_ masks.DeviceMask   = frozen{}
)

// New implements MaskSpec.
func (f *Frozen) New(net masks.Network, _ uint64, _ string) (masks.Mask, error) {
	return frozen{f}, f.Check(net.Layers)
}

// Begin implements Mask.
func (*Frozen) Begin(*masks.Step) error { return nil }

// KeepsAll implements Mask.
func (f *Frozen) KeepsAll(s *masks.Synapses) bool { return !f.Covers(s) }

// Select implements Mask.
func (*Frozen) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32 { return kept }

// frozen is a Frozen mask. It offers the capabilities, not Frozen itself: a mask that
// embeds Frozen may keep something else.
type frozen struct{ *Frozen }

// none is the empty set of units; nil would mean all.
var none = []int32{}

// GradientFree implements masks.GradientFree.
func (frozen) GradientFree() {}

// Block implements UnitBlock.
func (frozen) Block(*masks.Synapses) submatrix.Submatrix { return submatrix.Submatrix{Rows: none} }

// Units implements DrawnAhead.
func (frozen) Units(*masks.Synapses) []int32 { return none }

// DeviceSet implements DeviceMask.
func (frozen) DeviceSet(*masks.Synapses) masks.DeviceSet { return masks.KeepNone{} }

// Locality implements Local.
func (frozen) Locality() (masks.Locality, error) { return masks.Alone, nil }
