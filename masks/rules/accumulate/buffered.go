package accumulate

import (
	"math"

	"ergon/internal/parallel"
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
	writes         masks.Counts                           // of each synapse; nil: nobody counts
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

// CountWrites implements WriteCounting.
func (b *buffered) CountWrites(counts masks.Counts) bool {
	b.writes = counts
	return true
}

// write adds a step to a weight, w being what is stored of synapse i of an array, and counts it.
func (b *buffered) write(t *tally, array, i int, w *float32, step float64) {
	write(&t.Consolidation, w, step)
	b.writes.Add(array, i)
}

// write adds a step to a weight, and counts it.
func write(sum *masks.Consolidation, w *float32, step float64) {
	before := *w
	*w += float32(step)
	sum.M0++
	sum.M1 += math.Abs(step)
	if *w != before {
		sum.Stored++
	}
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
