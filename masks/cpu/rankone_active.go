package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// activeRows are the rows of an array whose x is not zero in a step; the others have no gradient.
type activeRows struct {
	rows   []int32 // ascending
	before []int   // of each chunk, and of the array's end: how many of rows are above that in which it begins
}

// find finds the rows of an array that learns from one presentation.
func (r *activeRows) find(a *array) {
	if r.before == nil {
		chunks := (a.In*a.Out + masks.ChunkSize - 1) / masks.ChunkSize
		r.rows, r.before = make([]int32, a.In), make([]int, chunks+1)
	}
	r.rows = simd.Nonzeros(a.x, r.rows[:a.In])
	before, out := r.before, a.Out
	clear(before)
	for n, row := range r.rows { // it is above the chunks that begin where it ends, or later
		end := uint(row+1) * uint(out)
		before[(end+masks.ChunkSize-1)/masks.ChunkSize] = n + 1
	}
	most := 0
	for c, n := range before {
		most = max(most, n)
		before[c] = most
	}
}

// wholeRows updates all synapses of a chunk whose x is not zero. The chunk may begin and end within a
// row.
func (w rankOne) wholeRows(a *array, c masks.Chunk, t *counters) {
	top, from := c.Lo/a.Out, c.Lo%a.Out
	bottom, to := c.Hi/a.Out, c.Hi%a.Out
	number := c.Lo / masks.ChunkSize
	begin, end := a.active.before[number], a.active.before[number+1]
	rows, below := a.active.rows[begin:end], a.active.rows[end:] // of [top,bottom), of [bottom,In)
	if from > 0 && len(rows) > 0 && int(rows[0]) == top {
		w.columns(a, t, rows[:1], from, a.Out)
		rows = rows[1:]
	}
	w.columns(a, t, rows, 0, a.Out)
	if top < bottom {
		from = 0
	}
	if to > 0 && len(below) > 0 && int(below[0]) == bottom {
		w.columns(a, t, below[:1], from, to)
	}
}

// columns updates columns [from,to) of some rows.
func (rankOne) columns(a *array, t *counters, rows []int32, from, to int) {
	m0, stored := a.updates.ApplyRows(a.target, a.x, rows, from, to, &t.sums)
	t.m0 += m0
	t.stored += stored
}
