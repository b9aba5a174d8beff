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

// Metaplastic is a binary synapse with a hidden variable h that makes it the harder to flip the
// larger it is (Laborieux et al. 2021):
//
//	f = 1 - tanh²(M|h|) where ΔJ·h < 0, and 1 elsewhere
//	h ← h + f·ΔJ, w = a·sgn h
//
// ΔJ is the optimizer's, in the paper Adam's. The magnitude a of a weight stays what it was at the
// start. At the start |h| is uniform in [0, Width/2] and has the sign of the weight. A weight flips when
// h has the other sign; a weight of 0 stays. M0 counts flips, and changes of biases; a flip adds 2a to M1.
//
// With M = 0 this is the plain binary network. Biases are not binary: they take ΔJ.
type Metaplastic struct {
	M     float64 `key:"m" doc:"metaplasticity m, of h; 0: none" in:"[0,inf)"`
	Width float64 `key:"width" doc:"width of the uniform distribution of h at the start" in:"(0,inf)"`
}

var (
	_ masks.Cache       = (*Metaplastic)(nil)
	_ masks.RuleChecker = (*Metaplastic)(nil)
)

func init() {
	masks.Caches.Register("metaplastic", schema.Doc{
		Summary: "binary weights, the signs of hidden numbers that shrink the less the larger they are", Source: "Laborieux et al. 2021, Nat. Commun. 12:2549",
		Definition: "f = 1 - tanh²(m|h|) where Δw·h < 0, else 1; h ← h + f·Δw; w = a·sgn h, a being |w| at the start. " +
			"|h| is uniform in [0, width/2] at the start. Biases take Δw. M0 counts flips, and changes of biases; changes of h are counted as accumulate.",
	}, func() masks.Cache { return &Metaplastic{M: 1.35, Width: 0.1} })
}

// CheckRule implements RuleChecker.
func (*Metaplastic) CheckRule(r *masks.Rule, _ masks.Network) error {
	return notProjected(r, "metaplastic")
}

// Price implements Cache: Σ|Δw|.
func (*Metaplastic) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *Metaplastic) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	m := &metaplastic{Metaplastic: c, buffered: newBuffered(all, pool)}
	for _, s := range all {
		m.hidden = append(m.hidden, make([]float32, hiddenOf(s)))
	}
	m.body = m.learn
	return m
}

// hiddenOf returns how many hidden variables an array has.
func hiddenOf(s *masks.Synapses) int {
	if s.Bias {
		return 0
	}
	return s.In * s.Out
}

// metaplastic is a Metaplastic of a network.
type metaplastic struct {
	*Metaplastic
	buffered
	seed   uint64
	hidden [][]float32 // h of each array; none of biases
}

var (
	_ masks.Accumulator   = (*metaplastic)(nil)
	_ masks.WriteCounting = (*metaplastic)(nil)
	_ masks.Seeded        = (*metaplastic)(nil)
	_ masks.Local         = (*metaplastic)(nil)
	_ state.Stateful      = (*metaplastic)(nil)
)

// Seed implements Seeded.
func (m *metaplastic) Seed(seed uint64) { m.seed = seed }

// Start implements Memory.
func (m *metaplastic) Start() {
	m.buffered.Start()
	for a, s := range m.all {
		stream := philox.New(m.seed, "cache/"+s.Name())
		for i := range m.hidden[a] {
			u := (float64(stream.Uint32(0, uint64(i))) + 0.5) * 0x1p-32
			m.hidden[a][i] = float32(math.Copysign(u*m.Width/2, float64(s.Weights[i])))
		}
	}
}

// Consolidate implements Memory.
func (m *metaplastic) Consolidate(int, []masks.Change) { m.run() }

// learn moves the hidden variables of a chunk, and flips weights.
func (m *metaplastic) learn(n int) {
	c, sum := m.chunks[n], &m.sums[n]
	*sum = tally{}
	if m.all[c.Array].Bias {
		m.learnBiases(c, sum)
		return
	}
	var flips [masks.ChunkSize / 64]uint64
	w := m.all[c.Array].Weights
	updates := simd.Metaplastic(m.hidden[c.Array][c.Lo:c.Hi], m.scratch.updates[c.Array][c.Lo:c.Hi], w[c.Lo:c.Hi], m.M, flips[:])
	for word, flip := range flips {
		for ; flip != 0; flip &= flip - 1 {
			i := c.Lo + 64*word + bits.TrailingZeros64(flip)
			m.write(sum, c.Array, i, &w[i], -2*float64(w[i]))
		}
	}
	sum.accumulated = masks.Accumulation{Updates: int64(updates), Reads: int64(updates), Writes: int64(updates)}
}

// learnBiases adds the updates of a chunk to biases.
func (m *metaplastic) learnBiases(c masks.Chunk, sum *tally) {
	b, delta := m.all[c.Array].Weights, m.scratch.updates[c.Array]
	for i := c.Lo; i < c.Hi; i++ {
		if delta[i] != 0 {
			m.write(sum, c.Array, i, &b[i], float64(delta[i]))
			delta[i] = 0
		}
	}
}

// Bits implements Accumulating.
func (m *metaplastic) Bits(layer int) (size int64) {
	for _, s := range m.all {
		if s.Layer == layer && !s.Bias {
			size += masks.WordBits * int64(s.Size())
		}
	}
	return size
}

// State implements state.Stateful.
func (m *metaplastic) State(v state.Visitor) {
	v.JSON("started", &m.started)
	state.Float32Arrays(v, "hidden", m.hidden)
}

// Locality implements Local.
func (*metaplastic) Locality() (masks.Locality, error) { return masks.Alone, nil }
