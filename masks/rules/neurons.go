package rules

import (
	"fmt"
	"math"
	"slices"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Neurons keeps the synapses of randomly chosen units: whole columns (side post:
// synapses onto the unit), whole rows (pre: synapses from it) or both. With both, a
// synapse may change if both its units are chosen. A unit is the same choice in the
// layers of synapses below and above it.
//
// If redrawn each step, every unit is chosen with probability P. If drawn once,
// exactly round(P·n) of the n units of each layer are chosen.
type Neurons struct {
	P      float64 `key:"p" doc:"share of units kept" in:"[0,1]"`
	Side   string  `key:"side" doc:"post: columns, synapses onto the unit; pre: rows, synapses from it; both" oneof:"post|pre|both"`
	Redraw string  `key:"redraw" doc:"step: each unit with probability p, every step; never: exactly round(p·n), for life" oneof:"step|never"`
	masks.Scope
}

func init() {
	masks.Masks.Register("neurons", schema.Doc{
		Summary:    "whole rows or columns: only synapses of randomly chosen units may change",
		Source:     "van Rossum & Pache 2024, rules 1 (redrawn) and 4 (fixed)",
		Definition: sides + ".",
	}, func() masks.MaskSpec {
		return &Neurons{P: 0.5, Side: "post", Redraw: "step", Scope: masks.Scope{Biases: true}}
	})
}

// neurons is a Neurons mask of a network.
type neurons struct {
	*Neurons
	sizes   []int           // units of each layer of units, the input first
	streams []philox.Stream // of each layer of units
	units   units           // kept units of each layer of units
	words   []uint64        // scratch: bit i is unit i
	drawn   bool
}

var (
	_ masks.MaskSpec     = (*Neurons)(nil)
	_ masks.GradientFree = (*neurons)(nil)
	_ masks.DrawnAhead   = (*neurons)(nil)
	_ masks.UnitBlock    = (*neurons)(nil)
	_ masks.DeviceMask   = (*neurons)(nil)
)

// New implements MaskSpec.
func (n *Neurons) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	m := &neurons{Neurons: n, sizes: masks.UnitCounts(net.Layers)}
	for u, size := range m.sizes {
		m.streams = append(m.streams, philox.New(seed, fmt.Sprintf("%s/units/%d", name, u)))
		m.units = append(m.units, make([]int32, 0, size))
	}
	m.words = make([]uint64, (slices.Max(m.sizes)+63)/64)
	return m, n.Check(net.Layers)
}

// Begin implements Mask.
func (m *neurons) Begin(step *masks.Step) error {
	if m.Redraw == "never" {
		m.drawOnce()
		return nil
	}
	threshold := philox.Threshold(m.P)
	for u, size := range m.sizes {
		m.units[u] = drawUnits(m.streams[u], step.Number, threshold, size, m.words, m.units[u])
	}
	return nil
}

// drawOnce chooses the first round(P·n) units of a random order, once.
func (m *neurons) drawOnce() {
	if m.drawn {
		return
	}
	m.drawn = true
	for u, size := range m.sizes {
		order := make([]int32, size)
		m.streams[u].Shuffle(0, order)
		m.units[u] = order[:int(math.RoundToEven(m.P*float64(size)))]
		slices.Sort(m.units[u])
	}
}

// KeepsAll implements Mask.
func (m *neurons) KeepsAll(s *masks.Synapses) bool {
	return !m.Covers(s) || m.P == 1 || m.Block(s).All()
}

// Select implements Mask.
func (m *neurons) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return m.Block(s).Select(s.Out, lo, hi, kept)
}

// GradientFree implements masks.GradientFree.
func (*neurons) GradientFree() {}

// Block implements UnitBlock.
func (m *neurons) Block(s *masks.Synapses) submatrix.Submatrix { return m.units.block(m.Side, s) }

// Units implements DrawnAhead.
func (m *neurons) Units(s *masks.Synapses) []int32 { return m.Block(s).Columns }

// DeviceSet implements DeviceMask.
func (m *neurons) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	if m.Redraw == "never" {
		m.drawOnce()
	}
	return masks.KeepUnits{Submatrix: m.Block(s), Redrawn: m.Redraw == "step"}
}
