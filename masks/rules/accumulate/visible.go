package accumulate

import (
	"math"
	"slices"

	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// visible is a MixedPrecision of a network that computes with w + χ: that is its weight, and
// χ is what it differs by from its permanent part w.
type visible struct {
	*MixedPrecision
	schedule
	roundedFactors
	pool           *parallel.Pool
	all            []*masks.Synapses
	permanent      [][]float32 // w of each array
	chunks         []masks.Chunk
	sums           []masks.Consolidation // of each chunk
	consolidations []masks.Consolidation // of each layer
	due            bool                  // a transfer, in the last step
	reached        []float32             // ε, for each synapse of a chunk
	unreached      []float32             // +Inf, for each
	writes         masks.Counts          // of each synapse; nil: nobody counts
	body           func(int)
}

var (
	_ masks.Accounted      = (*visible)(nil)
	_ masks.Accumulating   = (*visible)(nil)
	_ masks.GradientFormer = (*visible)(nil)
	_ masks.Seeded         = (*visible)(nil)
	_ masks.Local          = (*visible)(nil)
	_ masks.WriteCounting  = (*visible)(nil)
	_ state.Stateful       = (*visible)(nil)
)

// CountWrites implements WriteCounting.
func (m *visible) CountWrites(counts masks.Counts) bool {
	m.writes = counts
	return true
}

func newVisible(c *MixedPrecision, all []*masks.Synapses, pool *parallel.Pool) *visible {
	m := &visible{
		MixedPrecision: c, schedule: schedule{every: c.TransferEvery, rows: c.Rows},
		roundedFactors: newRoundedFactors(c.Levels, all), pool: pool,
		all: all, chunks: masks.Chunks(all), consolidations: make([]masks.Consolidation, all[len(all)-1].Layer+1),
	}
	m.sums = make([]masks.Consolidation, len(m.chunks))
	m.reached, m.unreached = thresholds(float32(c.Epsilon)), thresholds(float32(math.Inf(1)))
	m.body = m.transferChunk
	return m
}

// thresholds returns one threshold for each synapse of a chunk.
func thresholds(of float32) []float32 { return slices.Repeat([]float32{of}, masks.ChunkSize) }

// Start implements Memory.
func (m *visible) Start() {
	for _, s := range m.all {
		m.permanent = append(m.permanent, slices.Clone(s.Weights))
	}
}

// Consolidate implements Memory.
func (m *visible) Consolidate(presentations int, _ []masks.Change) {
	clear(m.consolidations)
	if m.due = false; m.permanent == nil {
		return
	}
	m.due = m.pass(presentations)
	m.pool.Run(len(m.chunks), m.body)
	for n, sum := range m.sums {
		m.consolidations[m.all[m.chunks[n].Array].Layer].Add(sum)
	}
	for l := range m.consolidations {
		m.consolidations[l].Transient *= float64(presentations)
	}
}

// transferChunk writes the permanent parts of a chunk of which |χ| has reached ε, and adds up
// what is left of χ.
func (m *visible) transferChunk(n int) {
	c := m.chunks[n]
	var counts simd.Consolidated
	lo := c.Lo
	if m.due {
		first, last, rest := m.spans(m.all[c.Array]) // rest ≤ first
		lo = m.transfer(c, lo, rest, m.reached, &counts)
		lo = m.transfer(c, lo, first, m.unreached, &counts)
		lo = m.transfer(c, lo, last, m.reached, &counts)
	}
	m.transfer(c, lo, c.Hi, m.unreached, &counts)
	m.sums[n] = masks.Consolidated(&counts, 0)
}

// transfer is transferChunk for synapses lo … hi-1, as far as they are in the chunk, with a threshold for each.
// It returns the synapse behind them.
func (m *visible) transfer(c masks.Chunk, lo, hi int, threshold []float32, counts *simd.Consolidated) int {
	if hi = min(hi, c.Hi); lo >= hi {
		return lo
	}
	quantum := 0.0
	if m.Residue == "kept" {
		quantum = m.step()
	}
	simd.Consolidate(simd.Transients{
		W: m.all[c.Array].Weights[lo:hi], L: m.permanent[c.Array][lo:hi], Writes: m.writes.From(c.Array, lo), Rows: 1, Columns: hi - lo,
	}, threshold, quantum, 0, counts)
	return hi
}

// magnitude returns |x|, without a branch.
func magnitude(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// Consolidations implements Memory.
func (m *visible) Consolidations() []masks.Consolidation { return m.consolidations }

// Permanent implements Memory.
func (m *visible) Permanent() [][]float32 { return m.permanent }

// Traffic implements Accounted: a transfer reads both parts of each weight that it looks at, and
// writes the permanent ones that have changed.
func (m *visible) Traffic(u masks.Usage) (t masks.Traffic) {
	if m.due {
		t = masks.Traffic{Reads: 2 * m.lookedAt(u.Layer), Writes: u.Cached.M0}
	}
	return t
}

// lookedAt returns how many synapses of a layer the transfer looked at.
func (m *visible) lookedAt(layer int) (n int64) {
	for _, s := range m.all {
		if s.Layer == layer {
			n += m.looked(s)
		}
	}
	return n
}

// Accumulated implements Accumulating: χ takes the update, and loses what is written. Its traffic
// is in Traffic.
func (m *visible) Accumulated(u masks.Usage) masks.Accumulation {
	return masks.Accumulation{Updates: u.Update.M0 + u.Cached.M0, Amount: u.Update.M1 + u.Cached.M1}
}

// Bits implements Accumulating.
func (m *visible) Bits(layer int) int64 { return masks.BitsOf(m.all, layer, 1) }

// State implements state.Stateful: χ = weight - w needs no memory of its own.
func (m *visible) State(v state.Visitor) {
	m.schedule.State(v)
	masks.ShowPermanent(v, &m.permanent, m.all)
}

// Locality implements Local.
func (m *visible) Locality() (masks.Locality, error) { return m.locality() }
