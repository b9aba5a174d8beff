package rules

import (
	"math"

	"ergon/internal/bitset"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
)

// FixedSynapses keeps exactly round(p·n) of the n synapses of each array, weights and
// biases separately. They are drawn once, whatever units they join. The rest never
// change.
type FixedSynapses struct {
	masks.Share
	masks.Scope
}

func init() {
	masks.Masks.Register("synapses", schema.Doc{
		Summary: "exactly a share p of the synapses, drawn once for life, may change",
		Source:  "van Rossum & Pache 2024, rule 104, there with balance: true",
	}, func() masks.MaskSpec {
		return &FixedSynapses{masks.Share{P: []float64{0.5}}, masks.Scope{Biases: true}}
	})
}

// fixedSynapses is a FixedSynapses mask of a network.
type fixedSynapses struct {
	*FixedSynapses
	shares  []float64     // of each layer
	plastic [][2][]uint64 // of each layer, weights and biases: bit i is synapse i
}

var (
	_ masks.MaskSpec     = (*FixedSynapses)(nil)
	_ masks.GradientFree = (*fixedSynapses)(nil)
	_ masks.Local        = (*fixedSynapses)(nil)
	_ masks.Bitmask      = (*fixedSynapses)(nil)
	_ masks.DeviceMask   = (*fixedSynapses)(nil)
)

// New implements MaskSpec.
func (f *FixedSynapses) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	shares, err := f.Of(net)
	if err != nil {
		return nil, err
	}
	m := &fixedSynapses{FixedSynapses: f, shares: shares, plastic: make([][2][]uint64, len(net.Layers))}
	for _, s := range masks.Arrays(net.Layers) {
		if m.KeepsAll(s) {
			continue
		}
		n, kind := s.Size(), s.Kind()
		stream := philox.New(seed, name+"/"+s.Name())
		set := choose(stream, int(math.RoundToEven(shares[s.Layer]*float64(n))), n)
		if s.Triangular {
			set = spread(set, s)
		}
		m.plastic[s.Layer][kind] = set
	}
	return m, f.Check(net.Layers)
}

// choose returns a uniformly random set of k of the numbers 0 … n-1, as bits, by
// algorithm F2 of Bentley & Floyd (Communications of the ACM 30:754, 1987). It draws k
// random numbers and needs no memory besides the set.
func choose(stream philox.Stream, k, n int) []uint64 {
	set := make([]uint64, (n+63)/64)
	for last := n - k; last < n; last++ {
		i := stream.Intn(0, uint64(last), last+1)
		if set[i/64]>>(i%64)&1 == 1 {
			i = last
		}
		set[i/64] |= 1 << (i % 64)
	}
	return set
}

// spread returns a set of the synapses of a triangular array, numbered by themselves, as
// bits of their places.
func spread(set []uint64, s *masks.Synapses) []uint64 {
	places, n := make([]uint64, (s.In*s.Out+63)/64), 0
	for i := range s.In {
		for place := i*s.Out + i + 1; place < (i+1)*s.Out; place++ {
			places[place/64] |= set[n/64] >> (n % 64) & 1 << (place % 64)
			n++
		}
	}
	return places
}

// Begin implements Mask.
func (m *fixedSynapses) Begin(*masks.Step) error { return nil }

// KeepsAll implements Mask.
func (m *fixedSynapses) KeepsAll(s *masks.Synapses) bool {
	return !m.Covers(s) || m.shares[s.Layer] == 1
}

// Select implements Mask.
func (m *fixedSynapses) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	set := m.plastic[s.Layer][s.Kind()]
	for word := lo / 64; word*64 < hi; word++ {
		kept = bitset.Append(kept, set[word], 64*word, lo, hi)
	}
	return kept
}

// GradientFree implements masks.GradientFree.
func (*fixedSynapses) GradientFree() {}

// Bits implements Bitmask.
func (m *fixedSynapses) Bits(s *masks.Synapses, first int, words []uint64) {
	copy(words, m.plastic[s.Layer][s.Kind()][first/64:])
}

// Density implements Bitmask.
func (m *fixedSynapses) Density(s *masks.Synapses) float64 {
	return m.shares[s.Layer] * float64(s.Size()) / float64(s.In*s.Out)
}

// DeviceSet implements DeviceMask.
func (m *fixedSynapses) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	return masks.KeepFixed{Bits: m.plastic[s.Layer][s.Kind()]}
}

// Locality implements Local.
func (*fixedSynapses) Locality() (masks.Locality, error) { return masks.Alone, nil }
