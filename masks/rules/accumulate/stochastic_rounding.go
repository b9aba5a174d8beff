package accumulate

import (
	"math"
	"math/bits"

	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// StochasticRounding writes each update by a whole number of steps ε of the device, up or down at
// random, so that the mean is the update:
//
//	q = |ΔJ|/ε, n = ⌊q⌋ + 1 with probability q - ⌊q⌋, else ⌊q⌋, w ← w + sgn(ΔJ)·nε
//
// Nothing is kept beside the weights. M1 is ε times the number of steps, and its mean that of the plain rule.
// With ε = 0 it is the plain rule, to the bit.
type StochasticRounding struct {
	Device
}

var (
	_ masks.Cache       = (*StochasticRounding)(nil)
	_ masks.RuleChecker = (*StochasticRounding)(nil)
)

func init() {
	masks.Caches.Register("stochastic_rounding", schema.Doc{
		Summary: "an update is rounded at random to steps of the device, so that its mean is kept", Source: "Gupta et al. 2015, arXiv 1502.02551",
		Definition: "q = |Δw|/epsilon, n = ⌊q⌋ + 1 with probability q - ⌊q⌋ and ⌊q⌋ else, w ← w + sgn(Δw)·n·epsilon. M0 counts the synapses with n > 0, and M1 is Σ n·epsilon.",
	}, func() masks.Cache { return &StochasticRounding{Device{Epsilon: 0.002}} })
}

// CheckRule implements RuleChecker.
func (*StochasticRounding) CheckRule(r *masks.Rule, _ masks.Network) error {
	return notProjected(r, "stochastic_rounding")
}

// Price implements Cache: Σ nε.
func (*StochasticRounding) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *StochasticRounding) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	if c.Epsilon == 0 {
		return nil
	}
	m := &stochasticRounding{StochasticRounding: c, buffered: newBuffered(all, pool)}
	m.body = m.round
	m.Seed(0)
	return m
}

// stochasticRounding is a StochasticRounding of a network.
type stochasticRounding struct {
	*StochasticRounding
	buffered
	streams []philox.Stream // of each array
	steps   uint64          // made
}

var (
	_ masks.Accumulator   = (*stochasticRounding)(nil)
	_ masks.WriteCounting = (*stochasticRounding)(nil)
	_ masks.Seeded        = (*stochasticRounding)(nil)
	_ masks.Local         = (*stochasticRounding)(nil)
	_ state.Stateful      = (*stochasticRounding)(nil)
)

// Seed implements Seeded.
func (m *stochasticRounding) Seed(seed uint64) {
	m.streams = m.streams[:0]
	for _, s := range m.all {
		m.streams = append(m.streams, philox.New(seed, "cache/"+s.Name()))
	}
}

// Consolidate implements Memory.
func (m *stochasticRounding) Consolidate(int, []masks.Change) {
	m.run()
	m.steps++
}

// drawn is how many neighbouring synapses have their random words drawn together, unless all their updates are 0.
const drawn = 256

// round writes the updates of a chunk. Words are compared in vector registers, and looked at one by one only where they
// may make a step.
func (m *stochasticRounding) round(n int) {
	c, sum := m.chunks[n], &m.sums[n]
	*sum = tally{}
	const smallest = 0x1p-149 // float32 above 0
	perStep := 0x1p32 / m.step()
	var words [drawn]uint32
	var candidates [drawn / 64]uint64
	for first := c.Lo; first < c.Hi; first += drawn {
		delta := m.scratch.updates[c.Array][first:min(first+drawn, c.Hi)]
		if simd.Below(delta, smallest) == len(delta) {
			continue
		}
		m.streams[c.Array].Words(m.steps, uint64(first), words[:len(delta)])
		simd.Within(candidates[:], words[:], delta, perStep)
		for w, word := range candidates[:(len(delta)+63)/64] {
			for ; word != 0; word &= word - 1 {
				k := 64*w + bits.TrailingZeros64(word)
				m.roundOne(c, sum, first+k, delta[k], words[k])
			}
		}
		clear(delta)
	}
}

// roundOne writes the update of synapse i of a chunk's array, given its random word: one step more where the word
// is below the part of a step, in units of 2⁻³².
func (m *stochasticRounding) roundOne(c masks.Chunk, sum *tally, i int, delta float32, word uint32) {
	parts := float64(magnitude(delta)) * (0x1p32 / m.step())
	pulses := math.Floor(parts * 0x1p-32)
	if float64(word) < parts-pulses*0x1p32 {
		pulses++
	}
	if pulses != 0 {
		m.write(sum, c.Array, i, &m.all[c.Array].Weights[i], math.Copysign(pulses*m.step(), float64(delta)))
	}
}

// Bits implements Accumulating: nothing is kept.
func (*stochasticRounding) Bits(int) int64 { return 0 }

// State implements state.Stateful.
func (m *stochasticRounding) State(v state.Visitor) {
	v.JSON("started", &m.started)
	v.JSON("steps", &m.steps)
}

// Locality implements Local.
func (*stochasticRounding) Locality() (masks.Locality, error) { return masks.Alone, nil }
