package masks

import "ergon/internal/schema"

// Frozen lets no synapse of the named layers change.
type Frozen struct{ Scope }

func init() {
	Masks.Register("frozen", schema.Doc{
		Summary: "the named layers do not change",
		Source:  "random features: van Rossum & Pache 2024, rule 7",
	}, func() MaskSpec { return &Frozen{Scope{Layers: []int{1}, Biases: true}} })
}

var (
	_ MaskSpec     = (*Frozen)(nil)
	_ Mask         = (*Frozen)(nil)
	_ GradientFree = frozen{}
	_ DrawnAhead   = frozen{}
	_ UnitBlock    = frozen{}
	_ DeviceMask   = frozen{}
)

// New implements MaskSpec.
func (f *Frozen) New(net Network, _ uint64, _ string) (Mask, error) {
	return frozen{f}, f.Check(net.Layers)
}

// Begin implements Mask.
func (*Frozen) Begin(*Step) error { return nil }

// KeepsAll implements Mask.
func (f *Frozen) KeepsAll(s *Synapses) bool { return !f.Covers(s) }

// Select implements Mask.
func (*Frozen) Select(_ *Synapses, _, _ int, kept []int32) []int32 { return kept }

// frozen is what a Frozen makes; a mask that embeds Frozen may keep something else.
type frozen struct{ *Frozen }

// none is a set of units that is empty: nil would be all.
var none = []int32{}

// GradientFree implements masks.GradientFree.
func (frozen) GradientFree() {}

// Block implements UnitBlock.
func (frozen) Block(*Synapses) Submatrix { return Submatrix{Rows: none} }

// Units implements DrawnAhead.
func (frozen) Units(*Synapses) []int32 { return none }

// DeviceSet implements DeviceMask.
func (frozen) DeviceSet(*Synapses) DeviceSet { return KeepNone{} }
