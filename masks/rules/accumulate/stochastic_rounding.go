package accumulate

import (
	"math"

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
//	q = |ΔJ|/ε, n = ⌊q + u⌋, u uniform in [0,1), w ← w + sgn(ΔJ)·nε
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
		Definition: "q = |Δw|/epsilon, n = ⌊q + u⌋ with u uniform in [0,1), w ← w + sgn(Δw)·n·epsilon. M0 counts the synapses with n > 0, and M1 is Σ n·epsilon.",
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

// round writes the updates of a chunk.
func (m *stochasticRounding) round(n int) {
	c, sum := m.chunks[n], &m.sums[n]
	*sum = tally{}
	w, epsilon := m.all[c.Array].Weights, m.step()
	var words [simd.BelowBlock]uint32
	m.eachBlock(c, func(first int, delta []float32) {
		m.streams[c.Array].Words(m.steps, uint64(first), words[:len(delta)])
		for k, d := range delta {
			pulses := math.Floor(math.Abs(float64(d))/epsilon + float64(words[k])*0x1p-32)
			if pulses != 0 {
				m.write(sum, c.Array, first+k, &w[first+k], math.Copysign(pulses*epsilon, float64(d)))
			}
		}
	})
}

// Bits implements Accumulating: nothing is kept.
func (*stochasticRounding) Bits(int) int64 { return 0 }

// State implements state.Stateful.
func (m *stochasticRounding) State(v state.Visitor) {
	v.JSON("started", &m.started)
	v.JSON("steps", &m.steps)
}
