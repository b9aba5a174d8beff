package cpu

import (
	"cmp"
	"slices"
	"sync"

	"ergon/internal/simd"
	"ergon/masks"
)

// streamed updates an array that no mask restricts, by any optimizer, block by block while
// its gradient is computed. Each block is used while it is in cache; the whole gradient is
// never stored.
type streamed struct{}

func (streamed) fits(u *Updater, a *array) bool {
	return !u.clipsNorm() && a.Factored() && !a.single() && len(a.masks) == 0
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
	kept               int // synapses of which something may be remembered
	change             masks.Change
}

// begin opens a step: no block has been counted.
func (b *blocks) begin() { b.counters = b.counters[:0] }

// learnBlock updates rows [r0,r1) and columns [c0,c1) of an array. Entry (r,c) of the
// block's gradient is dw[r*stride+c].
func (u *Updater) learnBlock(array, r0, r1, c0, c1 int, dw []float32, stride int) {
	a := &u.arrays[array]
	t := blockCounters{array: array, row: r0, column: c0}
	if u.proportional != nil {
		t.change = u.learnMultiples(a, r0, r1, c0, c1, dw, stride)
	} else {
		t.change = u.learnRows(a, r0, r1, c0, c1, dw, stride)
	}
	if u.remembers {
		t.kept = (r1 - r0) * (c1 - c0)
	}
	u.blocks.Lock()
	u.blocks.counters = append(u.blocks.counters, t)
	u.blocks.Unlock()
}

// learnMultiples is learnBlock where Δw is a multiple of the gradient.
func (u *Updater) learnMultiples(a *array, r0, r1, c0, c1 int, dw []float32, stride int) masks.Change {
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
	return masks.Change{M0: int64(m0), M1: m1, Stored: int64(stored), Work: pairwise(&sums.Work)}
}

// learnRows is learnBlock by the optimizer's loops. Rows of a block as wide as the array are
// neighbours, and joined to spans.
func (u *Updater) learnRows(a *array, r0, r1, c0, c1 int, dw []float32, stride int) masks.Change {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	var t counters
	rows, columns := 1, c1-c0
	if columns == a.Out {
		rows = max(1, spanSize/columns)
	}
	for r := r0; r < r1; r += rows {
		g := dw[(r-r0)*stride:][:columns]
		if rows > 1 {
			g = work.g[:0]
			for n := range min(rows, r1-r) {
				g = append(g, dw[(r-r0+n)*stride:][:columns]...)
			}
		}
		for lo, first := 0, r*a.Out+c0; lo < len(g); lo += spanSize {
			hi := min(lo+spanSize, len(g))
			delta := work.delta[:hi-lo]
			masks.UpdateSpan(u.optimizer, a.Index, first+lo, g[lo:hi], delta)
			t.applySpan(a, first+lo, first+hi, delta, g[lo:hi])
		}
	}
	return t.change()
}

// collect adds the blocks' counters to their layers' changes, sorted by position so
// that the sum does not depend on the workers.
func (b *blocks) collect(u *Updater) {
	slices.SortFunc(b.counters, func(a, b blockCounters) int {
		return cmp.Or(a.array-b.array, a.row-b.row, a.column-b.column)
	})
	for _, t := range b.counters {
		layer := u.all[t.array].Layer
		u.changes[layer].Add(t.change)
		u.usage[layer].Kept += int64(t.kept)
	}
}
