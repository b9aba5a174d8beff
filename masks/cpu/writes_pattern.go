package cpu

import (
	"math/bits"

	"ergon/internal/bitset"
	"ergon/internal/simd"
	"ergon/masks"
)

// The writes of rankOne, row by row: of those columns that a pattern keeps, the ones with dz ≠ 0.

// rowWrites are the writes of parts of rows in a chunk. Many rows in a row share a pattern, which is
// then looked at once.
type rowWrites struct {
	pattern   *uint64 // of the part below; nil: none
	column, n int     // where it begins, how long it is
	count     int     // its writes
	bytes     [masks.ChunkSize + 8]uint8
}

// load finds the writes of columns [column,column+n) of a row with a pattern.
func (r *rowWrites) load(a *array, pattern []uint64, column, n int, work *scratch) {
	if r.pattern == &pattern[0] && r.column == column && r.n == n {
		return
	}
	r.pattern, r.column, r.n = &pattern[0], column, n
	clear(r.bytes[:n+8])
	simd.CountProducts(r.bytes[:n], a.dz[column:column+n], 1)
	r.count = keepBits(r.bytes[:], bitset.Shifted(work.bits[:], pattern, column, n), n)
}

// countPattern counts the m0 writes of [lo,hi), part of one row, of which a pattern keeps some.
func (w rankOne) countPattern(u *Updater, a *array, lo, hi, m0 int, pattern []uint64, work *scratch) {
	if a.window == nil || m0 == 0 {
		return
	}
	work.row.load(a, pattern, lo%a.Out, hi-lo, work)
	if work.row.count == m0 {
		simd.AddBytes(a.window[lo:hi], work.row.bytes[:])
		return
	}
	w.countEach(u, a, lo, hi, pattern)
}

// rowPattern returns the columns kept of a row; nil: all.
func (a *array) rowPattern(row int) []uint64 {
	if a.patterns == nil {
		return nil
	}
	pattern, _ := a.patterns.Row(row)
	return pattern
}

// countEach counts the writes of [lo,hi), part of one row, by the definition of the update. A
// pattern of nil keeps all.
func (rankOne) countEach(u *Updater, a *array, lo, hi int, pattern []uint64) {
	start, x, bound := lo/a.Out*a.Out, a.x[lo/a.Out], a.limit.bound
	if bound == 0 {
		return
	}
	count := func(j int) {
		g := x * a.dz[j]
		if float32(u.factor*g)*a.limit.scale != 0 {
			a.window[start+j]++
		}
	}
	if pattern == nil {
		for j := lo - start; j < hi-start; j++ {
			count(j)
		}
		return
	}
	for w := (lo - start) / wordBits; start+wordBits*w < hi; w++ {
		for word := bitset.Clip(pattern[w], start+wordBits*w, lo, hi); word != 0; word &= word - 1 {
			count(wordBits*w + bits.TrailingZeros64(word))
		}
	}
}
