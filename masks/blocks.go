package masks

import (
	"cmp"
	"slices"
	"sync"

	"ergon/internal/simd"
)

// Learning from a gradient block by block, while it is computed: a block is applied
// while it is in cache, and the gradient need not be read again.

// blockTally counts the changes of one block of an array.
type blockTally struct {
	array, row, column int // of its first synapse
	change             Change
}

// blocks are those of the step in progress. Workers add theirs as they come.
type blocks struct {
	sync.Mutex
	tallies []blockTally
	learn   []func(r0, r1, c0, c1 int, dw []float32, stride int) // of each array
}

func newBlocks(u *Updater) *blocks {
	b := &blocks{}
	for a := range u.all {
		b.learn = append(b.learn, func(r0, r1, c0, c1 int, dw []float32, stride int) { u.learnBlock(a, r0, r1, c0, c1, dw, stride) })
	}
	return b
}

// learnsInBlocks says whether an array, whose gradient is a product of several
// presentations, is learned while that is computed: where no mask is in the way. The
// clip is by value, or the gradient would have been written out.
func (u *Updater) learnsInBlocks(array int) bool { return len(u.active[array]) == 0 }

// learnInBlocks is the whole step of the arrays that learn so.
func (u *Updater) learnInBlocks() error {
	u.blocks.tallies = u.blocks.tallies[:0]
	for a, s := range u.all {
		if !s.pending.blocks {
			continue
		}
		if err := s.pending.source.Each(u.blocks.learn[a]); err != nil {
			return err
		}
	}
	return nil
}

// learnBlock is the whole step of rows [r0,r1) and columns [c0,c1) of an array. Their
// gradient begins at dw, in rows of stride numbers.
func (u *Updater) learnBlock(array, r0, r1, c0, c1 int, dw []float32, stride int) {
	s := u.all[array]
	minus, bound := u.optimizer.(*sgd).minus, u.limits[s.Layer].bound
	var lanes [simd.BlockLanes]float64
	m0, stored := simd.ApplyBlock(simd.Block{
		W: s.Weights[r0*s.Out+c0:], WStride: s.Out, G: dw, GStride: stride, Rows: r1 - r0, Columns: c1 - c0,
	}, minus, bound, &lanes)
	m1 := 0.0
	for _, sum := range lanes {
		m1 += sum
	}
	u.blocks.Lock()
	u.blocks.tallies = append(u.blocks.tallies, blockTally{array, r0, c0, Change{int64(m0), m1, int64(stored)}})
	u.blocks.Unlock()
}

// collectBlocks adds the blocks' tallies, in the order of their places, to their
// layers' changes.
func (u *Updater) collectBlocks() {
	slices.SortFunc(u.blocks.tallies, func(a, b blockTally) int {
		return cmp.Or(a.array-b.array, a.row-b.row, a.column-b.column)
	})
	for _, t := range u.blocks.tallies {
		u.changes[u.all[t.array].Layer].Add(t.change)
	}
}
