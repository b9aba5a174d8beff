package rules

import (
	"ergon/internal/bitset"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
)

// Bernoulli keeps each synapse with probability P, independently of the others:
// synapse i of an array is kept if word i of the array's stream, at the step, is
// below P·2³².
type Bernoulli struct {
	P      float64 `key:"p" doc:"probability that a synapse may change" in:"[0,1]"`
	Redraw string  `key:"redraw" doc:"step: a new mask every step; never: one for life" oneof:"step|never"`
	masks.Scope
}

func init() {
	masks.Masks.Register("bernoulli", schema.Doc{
		Summary: "each synapse may change with probability p",
		Source:  "random plasticity mask; van Rossum & Pache 2024, control rules",
	}, func() masks.MaskSpec { return &Bernoulli{P: 0.5, Redraw: "step", Scope: masks.Scope{Biases: true}} })
}

// bernoulli is a Bernoulli mask of a network.
type bernoulli struct {
	*Bernoulli
	threshold uint64
	streams   [][2]philox.Stream // of each layer: weights, biases
	step      uint64
}

var (
	_ masks.MaskSpec     = (*Bernoulli)(nil)
	_ masks.GradientFree = (*bernoulli)(nil)
	_ masks.Local        = (*bernoulli)(nil)
	_ masks.Bitmask      = (*bernoulli)(nil)
	_ masks.DeviceMask   = (*bernoulli)(nil)
)

// New implements MaskSpec.
func (b *Bernoulli) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	m := &bernoulli{Bernoulli: b, threshold: philox.Threshold(b.P)}
	m.streams = make([][2]philox.Stream, len(net.Layers))
	for _, s := range masks.Arrays(net.Layers) {
		m.streams[s.Layer][s.Kind()] = philox.New(seed, name+"/"+s.Name())
	}
	return m, b.Check(net.Layers)
}

// Begin implements Mask.
func (m *bernoulli) Begin(step *masks.Step) error {
	if m.Redraw == "step" {
		m.step = step.Number
	}
	return nil
}

// KeepsAll implements Mask.
func (m *bernoulli) KeepsAll(s *masks.Synapses) bool { return !m.Covers(s) || m.P == 1 }

// Select implements Mask.
func (m *bernoulli) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	stream := m.streams[s.Layer][s.Kind()]
	var words [8]uint64
	for i := lo &^ 63; i < hi; i += len(words) * 64 {
		drawn := words[:min(len(words), (hi-i+63)/64)]
		stream.Below(m.step, uint64(i)/64, m.threshold, drawn)
		for w, bits := range drawn {
			kept = bitset.Append(kept, bits, i+64*w, lo, hi)
		}
	}
	return kept
}

// GradientFree implements masks.GradientFree.
func (*bernoulli) GradientFree() {}

// Bits implements Bitmask.
func (m *bernoulli) Bits(s *masks.Synapses, first int, words []uint64) {
	m.streams[s.Layer][s.Kind()].Below(m.step, uint64(first)/64, m.threshold, words)
}

// Density implements Bitmask.
func (m *bernoulli) Density(*masks.Synapses) float64 { return m.P }

// DeviceSet implements DeviceMask.
func (m *bernoulli) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	return masks.KeepRandom{Stream: m.streams[s.Layer][s.Kind()], Threshold: m.threshold, Redrawn: m.Redraw == "step"}
}

// Locality implements Local.
func (*bernoulli) Locality() (masks.Locality, error) { return masks.Alone, nil }
