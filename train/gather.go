package train

import (
	"slices"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// gatherer presents examples to programs, several at the same time, and counts their
// active inputs. It allocates only when a batch is larger than any before.
type gatherer struct {
	set  *datasets.Set
	pool *parallel.Pool

	active    []int32 // of the last batch [B]: inputs that are not zero
	examples  []int32 // of the batch in progress
	program   *graph.Program
	chunkRows int // presentations of a chunk
	body      func(i int)
}

func newGatherer(set *datasets.Set, pool *parallel.Pool) *gatherer {
	g := &gatherer{set: set, pool: pool}
	g.body = g.chunk
	return g
}

// worthSharing is the most inputs that are gathered by one worker: with more, there is an even number of chunks, about as large.
const worthSharing = 1 << 14

// gather fills the inputs and targets of p with examples, as many as it has presentations.
func (g *gatherer) gather(examples []int32, p *graph.Program) {
	g.examples, g.program, g.active = examples, p, slices.Grow(g.active[:0], p.Batch)[:p.Batch]
	chunks := 1
	if len(p.X) > worthSharing {
		chunks = 2 * ((len(p.X) + 2*worthSharing - 1) / (2 * worthSharing))
	}
	g.chunkRows = max(1, (p.Batch+chunks-1)/chunks)
	g.pool.Run((p.Batch+g.chunkRows-1)/g.chunkRows, g.body)
}

// chunk gathers the i-th chunk of presentations.
func (g *gatherer) chunk(i int) {
	p, lo := g.program, i*g.chunkRows
	hi, inputs, outputs := min(lo+g.chunkRows, p.Batch), len(p.X)/p.Batch, len(p.Target)/p.Batch
	g.set.Gather(g.examples[lo:hi], p.X[lo*inputs:hi*inputs], inputs, p.Target[lo*outputs:hi*outputs])
	for b := lo; b < hi; b++ {
		x := p.X[b*inputs : (b+1)*inputs]
		example, constant := x[:g.set.Inputs()], x[g.set.Inputs():] // inputs that stand for biases
		g.active[b] = int32(g.set.CountActive(g.examples[b], example) + simd.Nonzero(constant))
	}
}

// prefetch asks for the first example of a step while another is made. The gatherer itself asks for
// those that follow.
func (r *Run) prefetch(step int) {
	if example, known := r.sampler.First(uint64(step)); known {
		r.Data.Train.Prefetch(example)
	}
}
