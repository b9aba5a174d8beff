package cpu

import (
	"cmp"
	"slices"
	"sync"

	"ergon/internal/simd"
	"ergon/masks"
)

// streamed updates an array that no mask restricts, block by block while its gradient
// is computed. Each block is used while it is in cache; the whole gradient is never
// stored.
type streamed struct{}

func (streamed) fits(u *Updater, a *array) bool {
	return u.proportional != nil && a.Factored() && len(a.masks) == 0
}

func (streamed) prepare(_ *Updater, a *array) error { return a.Source.Stream(a.stream) }

func (streamed) chunk(*Updater, *array, masks.Chunk, *counters) {} // prepare has updated it

// blocks counts the changes of the blocks of the step in progress. Workers append
// their blocks in any order.
type blocks struct {
	sync.Mutex
	counters []blockCounters
}

// blockCounters counts the changes of one block of an array.
type blockCounters struct {
	array, row, column int // of its first synapse
	change             masks.Change
}

// begin opens a step: no block has been counted.
func (b *blocks) begin() { b.counters = b.counters[:0] }

// learnBlock updates rows [r0,r1) and columns [c0,c1) of an array. Entry (r,c) of the
// block's gradient is dw[r*stride+c].
func (u *Updater) learnBlock(array, r0, r1, c0, c1 int, dw []float32, stride int) {
	a := &u.arrays[array]
	var sums simd.BlockSums
	b := simd.Block{W: a.target[r0*a.Out+c0:], WStride: a.Out, G: dw, GStride: stride, Rows: r1 - r0, Columns: c1 - c0}
	if a.window != nil {
		b.Writes = a.window[r0*a.Out+c0:]
	}
	m0, stored := simd.ApplyBlock(b, u.factor, a.limit.bound, &sums)
	m1 := 0.0
	for _, sum := range sums.M1 {
		m1 += sum
	}
	u.blocks.Lock()
	u.blocks.counters = append(u.blocks.counters, blockCounters{array, r0, c0, masks.Change{M0: int64(m0), M1: m1, Stored: int64(stored), Work: pairwise(&sums.Work)}})
	u.blocks.Unlock()
}

// collect adds the blocks' counters to their layers' changes, sorted by position so
// that the sum does not depend on the workers.
func (b *blocks) collect(u *Updater) {
	slices.SortFunc(b.counters, func(a, b blockCounters) int {
		return cmp.Or(a.array-b.array, a.row-b.row, a.column-b.column)
	})
	for _, t := range b.counters {
		u.changes[u.all[t.array].Layer].Add(t.change)
	}
}
