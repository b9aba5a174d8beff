package accumulate

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// hidden is a MixedPrecision of a network that computes with what is written.
type hidden struct {
	*MixedPrecision
	accumulators
	roundedFactors
	pool *parallel.Pool

	chunks []masks.Chunk
	sums   []masks.Consolidation // of each chunk
	body   func(int)
}

var (
	_ masks.Accumulator    = (*hidden)(nil)
	_ masks.GradientFormer = (*hidden)(nil)
	_ masks.Seeded         = (*hidden)(nil)
	_ masks.Local          = (*hidden)(nil)
	_ masks.WriteCounting  = (*hidden)(nil)
	_ state.Stateful       = (*hidden)(nil)
)

func newHidden(c *MixedPrecision, all []*masks.Synapses, pool *parallel.Pool) *hidden {
	m := &hidden{
		MixedPrecision: c, accumulators: newAccumulators(all, c.TransferEvery, c.Rows),
		roundedFactors: newRoundedFactors(c.Levels, all), pool: pool, chunks: masks.Chunks(all),
	}
	m.sums = make([]masks.Consolidation, len(m.chunks))
	m.body = m.transferChunk
	return m
}

// fewChunks is how many chunks one core looks through faster than it wakes the others.
const fewChunks = 128

// Consolidate implements Memory.
func (m *hidden) Consolidate(presentations int, changes []masks.Change) {
	clear(m.sums) // also where nothing is transferred: what was written before is no memory
	if !m.begin(presentations, changes) {
		return
	}
	if len(m.chunks) < fewChunks {
		for n := range m.chunks {
			m.body(n)
		}
	} else {
		m.pool.Run(len(m.chunks), m.body)
	}
	for n, sum := range m.sums {
		m.consolidations[m.all[m.chunks[n].Array].Layer].Add(sum)
	}
}

// transferChunk writes the weights of a chunk whose χ has reached ε. Nearly none has.
func (m *hidden) transferChunk(n int) {
	c := m.chunks[n]
	s, chi := m.all[c.Array], m.chi[c.Array]
	first, last, rest := m.spans(s)
	for _, span := range [2][2]int{{first, last}, {0, rest}} {
		lo, hi := max(span[0], c.Lo), min(span[1], c.Hi)
		for lo < hi {
			lo += simd.Below(chi[lo:hi], float32(m.Epsilon))
			for end := min(lo+simd.BelowBlock, hi); lo < end; lo++ {
				if !(magnitude(chi[lo]) < float32(m.Epsilon)) {
					m.write(&m.sums[n], &s.Weights[lo], &chi[lo])
					m.writes.Add(c.Array, lo)
				}
			}
		}
	}
}

// write writes one weight, of which |χ| ≥ ε.
func (c *MixedPrecision) write(sum *masks.Consolidation, w, chi *float32) {
	step := *chi
	if c.Residue == "kept" {
		step = multiple(*chi, c.step())
	}
	before := *w
	*w += step
	*chi -= step
	count(sum, before, *w, step)
}

// multiple returns trunc(χ/ε)·ε.
func multiple(chi float32, epsilon float64) float32 {
	return float32(math.Trunc(float64(chi)/epsilon) * epsilon)
}

// count counts a write of a weight, by step, from before to after.
func count(sum *masks.Consolidation, before, after, step float32) {
	sum.M0++
	sum.M1 += math.Abs(float64(step))
	if after != before {
		sum.Stored++
	}
}

// Locality implements Local.
func (m *hidden) Locality() (masks.Locality, error) { return m.locality() }
