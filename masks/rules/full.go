package masks

import "ergon/internal/schema"

// Full keeps every synapse: plain learning.
type Full struct{}

var (
	_ MaskSpec     = (*Full)(nil)
	_ Mask         = (*Full)(nil)
	_ GradientFree = full{}
	_ DrawnAhead   = full{}
	_ DeviceMask   = full{}
)

func init() {
	Masks.Register("full", schema.Doc{Summary: "every synapse may change"}, func() MaskSpec { return &Full{} })
}

// New implements MaskSpec.
func (f *Full) New(Network, uint64, string) (Mask, error) { return full{f}, nil }

// Begin implements Mask.
func (*Full) Begin(*Step) error { return nil }

// KeepsAll implements Mask.
func (*Full) KeepsAll(*Synapses) bool { return true }

// Select implements Mask.
func (*Full) Select(_ *Synapses, lo, hi int, kept []int32) []int32 { return Range(lo, hi, kept) }

// full is what a Full makes; a mask that embeds Full may keep something else.
type full struct{ *Full }

// GradientFree implements masks.GradientFree.
func (full) GradientFree() {}

// Units implements DrawnAhead: all.
func (full) Units(*Synapses) []int32 { return nil }

// DeviceSet implements DeviceMask: between all units.
func (full) DeviceSet(*Synapses) DeviceSet { return KeepUnits{} }
