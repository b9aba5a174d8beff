package masks

import (
	"slices"

	"ergon/internal/simd"
)

// learnPart is the whole step of a chunk whose gradient was computed between the units
// of a grid, whose columns are not all: a walk over the rows and columns.
func (u *Updater) learnPart(c int) {
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	g := s.pending.grid
	*t = tally{}
	part := s.pending.part[g.Before(s, p.Lo):]
	minus, bound := u.optimizer.(*sgd).minus, u.limits[s.Layer].bound
	g.EachRow(s, p.Lo, p.Hi, func(row int) {
		start := row * s.Out
		columns := within(g.Columns, p.Lo-start, p.Hi-start)
		for n, column := range columns {
			i := start + int(column)
			m0, stored := simd.ApplyOne(&s.Weights[i], float32(minus*part[n]), 1, bound, &t.m1[i%simd.Lanes])
			t.m0 += m0
			t.stored += stored
		}
		part = part[len(columns):]
	})
}

// EachRow calls f for the grid's rows that synapses lo … hi-1 are in, ascending.
func (g Submatrix) EachRow(s *Synapses, lo, hi int, f func(row int)) {
	first, last := lo/s.Out, (hi-1)/s.Out
	if g.Rows == nil {
		for row := first; row <= last; row++ {
			f(row)
		}
		return
	}
	at, _ := slices.BinarySearch(g.Rows, int32(first))
	for _, row := range g.Rows[at:] {
		if int(row) > last {
			return
		}
		f(int(row))
	}
}

// within returns those of ascending numbers that are in [lo,hi).
func within(numbers []int32, lo, hi int) []int32 {
	if lo > 0 {
		at, _ := slices.BinarySearch(numbers, int32(lo))
		numbers = numbers[at:]
	}
	if n := len(numbers); n > 0 && int(numbers[n-1]) >= hi {
		n, _ = slices.BinarySearch(numbers, int32(hi))
		numbers = numbers[:n]
	}
	return numbers
}
