package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/state"
	"ergon/masks"
)

// lowRank is a LowRank of a network.
type lowRank struct {
	*LowRank
	all            []*masks.Synapses
	inputs         []int     // In of the layer of each array
	sums           []rankSum // of the gradients of each array
	kept           [][]float32
	streams        []philox.Stream // of signs, of each array
	started        bool
	learned        bool    // in the step in progress
	factor         float32 // of the last step learned, -η
	elapsed        int     // presentations since a write was last tried
	batches        []int   // of presentations in the sum of each array
	maxima         []runningMax
	consolidations []masks.Consolidation // of each layer
	accumulations  []masks.Accumulation  // of each layer
	writes         masks.Counts          // of each synapse; nil: nobody counts
	pool           *parallel.Pool
	body           func(array int)
	scratch        struct {
		step           uint64    // in progress
		factors        []factors // of each array, in that step
		ones, gradient []float32
		weights        [][]float32
	}
}

// factors are those of the gradient of an array, and what the sum of it learned from them.
type factors struct {
	x, delta []float32 // [B,In] and [B,Out]
	learned  masks.Accumulation
}

var (
	_ masks.FactorLearner = (*lowRank)(nil)
	_ masks.Seeded        = (*lowRank)(nil)
	_ masks.WriteCounting = (*lowRank)(nil)
	_ state.Stateful      = (*lowRank)(nil)
)

// Seed implements Seeded.
func (m *lowRank) Seed(seed uint64) {
	m.streams = m.streams[:0]
	for _, s := range m.all {
		m.streams = append(m.streams, philox.New(seed, "cache/"+s.Name()+"/signs"))
	}
}

// CountWrites implements WriteCounting.
func (m *lowRank) CountWrites(counts masks.Counts) bool {
	m.writes = counts
	return true
}

// Start implements Memory.
func (m *lowRank) Start() { m.started = true }

// Learn implements FactorLearner. Arrays learn beside each other.
func (m *lowRank) Learn(step *masks.Step, factor float32) error {
	clear(m.accumulations)
	m.learned, m.factor = true, factor
	m.scratch.step = step.Number
	for a, s := range m.all {
		x, delta, err := factorsOf(step, s, m.inputs[a])
		if err != nil {
			return err
		}
		if s.Bias {
			x = m.ones(len(delta) / s.Out)
		}
		m.scratch.factors[a] = factors{x: x, delta: delta}
	}
	m.pool.Run(len(m.all), m.body)
	for a, s := range m.all {
		m.accumulations[s.Layer].Add(m.scratch.factors[a].learned)
	}
	return nil
}

// learn adds the presentations of the step to the sum of an array.
func (m *lowRank) learn(a int) {
	s, f := m.all[a], &m.scratch.factors[a]
	for b := range len(f.delta) / s.Out {
		signs := m.streams[a].Uint32(m.scratch.step, uint64(b))
		changed := m.sums[a].add(f.x[b*s.In:(b+1)*s.In], f.delta[b*s.Out:(b+1)*s.Out], signs)
		if changed > 0 {
			f.learned.Add(masks.Accumulation{Updates: changed, Reads: int64(len(m.kept[a])), Writes: changed})
		}
	}
}

// ones returns the inputs of the biases in n presentations.
func (m *lowRank) ones(n int) []float32 {
	for len(m.scratch.ones) < n {
		m.scratch.ones = append(m.scratch.ones, 1)
	}
	return m.scratch.ones[:n]
}

// Consolidate implements Memory.
func (m *lowRank) Consolidate(presentations int, _ []masks.Change) {
	clear(m.consolidations)
	if !m.learned {
		clear(m.accumulations)
	}
	m.learned = false
	if !m.started {
		return
	}
	if m.elapsed += presentations; m.elapsed < m.Batch {
		return
	}
	m.elapsed %= m.Batch
	for a, s := range m.all {
		if m.write(a) {
			cleared := m.sums[a].clear()
			m.accumulations[s.Layer].Add(masks.Accumulation{Updates: cleared, Writes: cleared})
			m.batches[a] = 0
		}
		m.accumulations[s.Layer].Reads += int64(len(m.kept[a]))
		m.batches[a]++
	}
}

// Consolidations implements Memory.
func (m *lowRank) Consolidations() []masks.Consolidation { return m.consolidations }

// Permanent implements Memory: the weights.
func (m *lowRank) Permanent() [][]float32 {
	if !m.started {
		return nil
	}
	m.scratch.weights = weightsOf(m.scratch.weights, m.all)
	return m.scratch.weights
}

// Accumulators implements Accumulator: the factors of the sum of each array.
func (m *lowRank) Accumulators() [][]float32 { return m.kept }

// Accumulated implements Accumulating.
func (m *lowRank) Accumulated(u masks.Usage) masks.Accumulation { return m.accumulations[u.Layer] }

// Bits implements Accumulating: of the factors.
func (m *lowRank) Bits(layer int) (bits int64) {
	for a, s := range m.all {
		if s.Layer == layer {
			bits += int64(len(m.kept[a])) * masks.WordBits
		}
	}
	return bits
}

// State implements state.Stateful.
func (m *lowRank) State(v state.Visitor) {
	v.JSON("started", &m.started)
	v.JSON("factor", &m.factor)
	v.JSON("elapsed", &m.elapsed)
	v.JSON("batches", &m.batches)
	for a := range m.maxima {
		state.Under(v, m.all[a].Name(), &m.maxima[a])
	}
	state.Float32Arrays(v, "factors", m.kept)
}
