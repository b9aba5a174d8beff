package cpu

import (
	"cmp"
	"slices"
	"sync"

	"ergon/internal/simd"
	"ergon/masks"
)

// streamed is the way of an array that no mask restricts: it is learned block by
// block while its gradient is computed, each block while it is in cache, and the
// gradient need not be read again.
type streamed struct{}

func (streamed) fits(_ *Updater, a *array) bool { return a.Factored() && len(a.masks) == 0 }

func (streamed) prepare(_ *Updater, a *array) error { return a.Source.Each(a.stream) }

func (streamed) chunk(*Updater, *array, masks.Chunk, *counters) {} // learned already

// blocks are those of the step in progress. Workers add theirs as they come.
type blocks struct {
	sync.Mutex
	counters []blockCounters
}

// blockCounters counts the changes of one block of an array.
type blockCounters struct {
	array, row, column int // of its first synapse
	change             masks.Change
}

// begin opens a step.
func (b *blocks) begin() { b.counters = b.counters[:0] }

// learnBlock is the whole step of rows [r0,r1) and columns [c0,c1) of an array. Their
// gradient begins at dw, in rows of stride numbers.
func (u *Updater) learnBlock(array, r0, r1, c0, c1 int, dw []float32, stride int) {
	a := &u.arrays[array]
	var lanes [simd.BlockLanes]float64
	m0, stored := simd.ApplyBlock(simd.Block{
		W: a.Weights[r0*a.Out+c0:], WStride: a.Out, G: dw, GStride: stride, Rows: r1 - r0, Columns: c1 - c0,
	}, u.factor, a.limit.bound, &lanes)
	m1 := 0.0
	for _, sum := range lanes {
		m1 += sum
	}
	u.blocks.Lock()
	u.blocks.counters = append(u.blocks.counters, blockCounters{array, r0, c0, masks.Change{M0: int64(m0), M1: m1, Stored: int64(stored)}})
	u.blocks.Unlock()
}

// collect adds the blocks' tallies, in the order of their places, to their
// layers' changes.
func (b *blocks) collect(u *Updater) {
	slices.SortFunc(b.counters, func(a, b blockCounters) int {
		return cmp.Or(a.array-b.array, a.row-b.row, a.column-b.column)
	})
	for _, t := range b.counters {
		u.changes[u.all[t.array].Layer].Add(t.change)
	}
}
