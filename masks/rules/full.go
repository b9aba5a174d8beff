package rules

import (
	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Full keeps every synapse: plain learning.
type Full struct{}

var (
	_ masks.MaskSpec     = (*Full)(nil)
	_ masks.Mask         = (*Full)(nil)
	_ masks.GradientFree = full{}
	_ masks.Local        = full{}
	_ masks.DrawnAhead   = full{}
	_ masks.DeviceMask   = full{}
)

func init() {
	masks.Masks.Register("full", schema.Doc{Summary: "every synapse may change"}, func() masks.MaskSpec { return &Full{} })
}

// New implements MaskSpec.
func (f *Full) New(masks.Network, uint64, string) (masks.Mask, error) { return full{f}, nil }

// Begin implements Mask.
func (*Full) Begin(*masks.Step) error { return nil }

// KeepsAll implements Mask.
func (*Full) KeepsAll(*masks.Synapses) bool { return true }

// Select implements Mask.
func (*Full) Select(_ *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return submatrix.Range(lo, hi, kept)
}

// full is a Full mask. It offers the capabilities, not Full itself: a mask that embeds
// Full may keep something else.
type full struct{ *Full }

// GradientFree implements masks.GradientFree.
func (full) GradientFree() {}

// Units implements DrawnAhead: all.
func (full) Units(*masks.Synapses) []int32 { return nil }

// DeviceSet implements DeviceMask: the synapses between all units.
func (full) DeviceSet(*masks.Synapses) masks.DeviceSet { return masks.KeepUnits{} }

// Locality implements Local.
func (full) Locality() (masks.Locality, error) { return masks.Alone, nil }
