package rules

import (
	"fmt"
	"slices"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Alternating cycles through masks of neurons that are drawn once: step n uses mask
// n mod Masks. A unit is in each mask with probability P. As in Neurons, a unit
// outside the mask freezes its columns (side post), rows (pre) or both.
type Alternating struct {
	P     float64 `key:"p" doc:"probability that a unit is in a mask" in:"[0,1]"`
	Masks int     `key:"masks" doc:"how many masks take turns, one a step" in:"[1,1000000]"`
	Side  string  `key:"side" doc:"post: columns, synapses onto the unit; pre: rows, synapses from it; both" oneof:"post|pre|both"`
	masks.Scope
}

func init() {
	masks.Masks.Register("alternating", schema.Doc{
		Summary:    "masks of random neurons, drawn once, take turns step by step",
		Source:     "van Rossum & Pache 2024, rule 10",
		Definition: sides + ".",
	}, func() masks.MaskSpec {
		return &Alternating{P: 0.5, Masks: 2, Side: "post", Scope: masks.Scope{Biases: true}}
	})
}

// alternating is an Alternating mask of a network. It stores the mask of the current
// step only, and draws it from the stream again each time.
type alternating struct {
	*Alternating
	sizes     []int           // units of each layer of units, the input first
	streams   []philox.Stream // of each layer of units
	threshold uint64
	words     []uint64 // scratch: bit i is unit i
	units     units    // in the mask of the current step
}

var (
	_ masks.MaskSpec     = (*Alternating)(nil)
	_ masks.GradientFree = (*alternating)(nil)
	_ masks.DrawnAhead   = (*alternating)(nil)
	_ masks.UnitBlock    = (*alternating)(nil)
	_ masks.DeviceMask   = (*alternating)(nil)
)

// New implements MaskSpec.
func (a *Alternating) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	m := &alternating{Alternating: a, sizes: masks.UnitCounts(net.Layers), threshold: philox.Threshold(a.P)}
	for l, size := range m.sizes {
		m.streams = append(m.streams, philox.New(seed, fmt.Sprintf("%s/units/%d", name, l)))
		m.units = append(m.units, make([]int32, 0, size))
	}
	m.words = make([]uint64, (slices.Max(m.sizes)+63)/64)
	return m, a.Check(net.Layers)
}

// Begin implements Mask.
func (m *alternating) Begin(step *masks.Step) error {
	number := step.Number % uint64(m.Masks)
	for l, size := range m.sizes {
		m.units[l] = drawUnits(m.streams[l], number, m.threshold, size, m.words, m.units[l])
	}
	return nil
}

// KeepsAll implements Mask.
func (m *alternating) KeepsAll(s *masks.Synapses) bool {
	return !m.Covers(s) || m.P == 1 || m.Block(s).All()
}

// Select implements Mask.
func (m *alternating) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return m.Block(s).Select(s.Out, lo, hi, kept)
}

// GradientFree implements masks.GradientFree.
func (*alternating) GradientFree() {}

// Block implements UnitBlock.
func (m *alternating) Block(s *masks.Synapses) submatrix.Submatrix { return m.units.block(m.Side, s) }

// Units implements DrawnAhead.
func (m *alternating) Units(s *masks.Synapses) []int32 { return m.Block(s).Columns }

// DeviceSet implements DeviceMask.
func (m *alternating) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	return masks.KeepUnits{Submatrix: m.Block(s), Redrawn: true}
}
