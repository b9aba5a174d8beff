package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/masks"
)

// buffered takes the update of a step in a buffer, which Consolidate empties: no state stays in it.
// A rule that does something else with an update than to add it to a number embeds it.
type buffered struct {
	all            []*masks.Synapses
	pool           *parallel.Pool
	started        bool
	chunks         []masks.Chunk
	sums           []tally               // of each chunk
	consolidations []masks.Consolidation // of each layer
	accumulations  []masks.Accumulation  // of each layer
	body           func(chunk int)
	scratch        struct{ updates, weights [][]float32 } // Δ and w of each array
}

// tally is what a step did to the synapses of a chunk.
type tally struct {
	masks.Consolidation
	accumulated masks.Accumulation
}

func newBuffered(all []*masks.Synapses, pool *parallel.Pool) buffered {
	layers := all[len(all)-1].Layer + 1
	b := buffered{
		all: all, pool: pool, chunks: masks.Chunks(all),
		consolidations: make([]masks.Consolidation, layers), accumulations: make([]masks.Accumulation, layers),
	}
	b.sums = make([]tally, len(b.chunks))
	for _, s := range all {
		b.scratch.updates = append(b.scratch.updates, make([]float32, s.In*s.Out))
	}
	return b
}

// Start implements Memory.
func (b *buffered) Start() { b.started = true }

// run calls body for each chunk, and adds up what it did.
func (b *buffered) run() {
	clear(b.consolidations)
	clear(b.accumulations)
	if !b.started {
		return
	}
	b.pool.Run(len(b.chunks), b.body)
	for n, sum := range b.sums {
		layer := b.all[b.chunks[n].Array].Layer
		b.consolidations[layer].Add(sum.Consolidation)
		b.accumulations[layer].Add(sum.accumulated)
	}
}

// eachUpdate calls learn with the updates of a chunk that are not 0, and empties the buffer. Whole
// blocks of zeros are passed over: rows of inputs that are 0 have no update.
func (b *buffered) eachUpdate(c masks.Chunk, learn func(i int, delta float32)) {
	const smallest = 0x1p-149
	delta := b.scratch.updates[c.Array]
	for lo := c.Lo; lo < c.Hi; {
		lo += simd.Below(delta[lo:c.Hi], smallest)
		for end := min(lo+simd.BelowBlock, c.Hi); lo < end; lo++ {
			if delta[lo] != 0 {
				learn(lo, delta[lo])
				delta[lo] = 0
			}
		}
	}
}

// Consolidations implements Memory.
func (b *buffered) Consolidations() []masks.Consolidation { return b.consolidations }

// Permanent implements Memory: the weights.
func (b *buffered) Permanent() [][]float32 {
	if !b.started {
		return nil
	}
	b.scratch.weights = weightsOf(b.scratch.weights, b.all)
	return b.scratch.weights
}

// Accumulators implements Accumulator.
func (b *buffered) Accumulators() [][]float32 { return b.scratch.updates }

// Accumulated implements Accumulating.
func (b *buffered) Accumulated(u masks.Usage) masks.Accumulation { return b.accumulations[u.Layer] }
