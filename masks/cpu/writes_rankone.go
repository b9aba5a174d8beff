package cpu

import (
	"ergon/internal/parallel"
	"ergon/internal/simd"
	"ergon/masks"
)

// The writes of rankOne. Its update factor·x[i]·dz[j], scaled by a clip, is 0 where x or dz is, and otherwise only where the
// product is too small for a float32. So the synapses written are those from units with x ≠ 0 to units with
// dz ≠ 0, if these are as many as were counted; if not, they are looked at one by one.

// outerWrites are the writes of an array in some steps, in each of which they were all synapses
// from some units to some others: a bit a step for each unit.
type outerWrites struct {
	rows, columns []uint64
	steps         int

	pool   *parallel.Pool
	counts []uint32 // of the drain in progress
	parts  int      // of rows, drained at the same time
	body   func(part int)
}

func newOuterWrites(s *masks.Synapses, pool *parallel.Pool) *outerWrites {
	w := &outerWrites{rows: make([]uint64, s.In), columns: make([]uint64, s.Out), pool: pool}
	w.parts = min(1+s.In*s.Out>>19, s.In) // each is worth waking a goroutine up for
	w.body = w.drainPart
	return w
}

// wordBits is the number of steps that a word has bits for.
const wordBits = 64

// drain adds the writes to counts [In,Out].
func (w *outerWrites) drain(counts []uint32) {
	w.counts = counts
	w.pool.Run(w.parts, w.body)
	w.clear()
}

func (w *outerWrites) drainPart(part int) {
	out := len(w.columns)
	lo, hi := parallel.Split(len(w.rows), w.parts, part)
	for i, row := range w.rows[lo:hi] {
		if row != 0 {
			simd.CountCommon(w.counts[(lo+i)*out:][:out], w.columns, row)
		}
	}
}

// clear forgets the writes.
func (w *outerWrites) clear() {
	clear(w.rows)
	clear(w.columns)
	w.steps = 0
}

// begin takes over the counting of an array that no mask restricts, or whole rows and columns: the
// loops over its rows then do not count.
func (rankOne) begin(u *Updater, a *array) {
	a.outer = nil
	if _, block := a.unitBlock(); a.window != nil && (len(a.masks) == 0 || block) {
		a.outer, a.window = u.writes.outer[a.Index], nil
	}
}

// count counts the m0 writes of a step, if begin has taken over.
func (w rankOne) count(u *Updater, a *array, m0 int) {
	if a.outer == nil || m0 == 0 {
		return
	}
	b, _ := a.unitBlock()
	bit := uint64(1) << a.outer.steps
	if mark(a.outer.rows, a.x, b.Rows, bit)*mark(a.outer.columns, a.dz, b.Columns, bit) == m0 {
		if a.outer.steps++; a.outer.steps == wordBits {
			a.outer.drain(u.writes.Counts[a.Index])
		}
		return
	}
	unmark(a.outer.rows, bit)
	unmark(a.outer.columns, bit)
	a.window = u.writes.of(a.Index)
	for row, x := range a.x {
		if x != 0 {
			w.countEach(u, a, row*a.Out, (row+1)*a.Out, a.rowPattern(row))
		}
	}
}

// mark sets a bit of the words of those units, nil: of all, whose number is not zero, and returns how
// many they are.
func mark(words []uint64, x []float32, units []int32, bit uint64) (count int) {
	if units == nil {
		return simd.MarkNonzero(words, x, bit)
	}
	for _, i := range units {
		if x[i] != 0 {
			words[i] |= bit
			count++
		}
	}
	return count
}

// unmark clears a bit of all words.
func unmark(words []uint64, bit uint64) {
	for i := range words {
		words[i] &^= bit
	}
}
