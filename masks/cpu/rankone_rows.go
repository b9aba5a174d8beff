package cpu

import (
	"math/bits"

	"ergon/internal/bitset"
	"ergon/internal/simd"
	"ergon/masks"
)

// The row loops of rankOne: w[i,j] += factor·x[i]·dz[j] for different sets of j.

// wholeRow updates all synapses of [lo,hi), part of one row. It leaves it to its caller to count
// writes.
func (rankOne) wholeRow(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int) {
	row, start := lo/a.Out, lo/a.Out*a.Out
	m0, stored := simd.ApplyOuter(a.target[lo:hi], a.dz[lo-start:hi-start], a.x[row], u.factor, a.limit.scale, a.limit.bound, &t.sums, lo-c.Lo)
	t.m0 += m0
	t.stored += stored
}

// oneByOne updates the synapses of [lo,hi), part of one row, that a pattern keeps, in
// scalar code.
func (rankOne) oneByOne(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int, pattern []uint64) {
	start := lo / a.Out * a.Out
	x := a.x[lo/a.Out]
	for w := (lo - start) / 64; start+64*w < hi; w++ {
		for word := bitset.Clip(pattern[w], start+64*w, lo, hi); word != 0; word &= word - 1 {
			i := start + 64*w + bits.TrailingZeros64(word)
			g := x * a.dz[i-start]
			delta := float32(u.factor * g)
			t.applyOne(a, i, (i-c.Lo)%simd.Lanes, delta, delta)
		}
	}
}

// masked updates the synapses of [lo,hi), part of one row, that a pattern keeps, in
// vector code.
func (w rankOne) masked(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int, pattern []uint64, work *scratch) {
	row, column := lo/a.Out, lo%a.Out
	g := work.dense[:hi-lo]
	simd.Scale(g, a.dz[column:], a.x[row])
	m0, stored := simd.ApplyMasked(a.target[lo:hi], g, bitset.Shifted(work.bits[:], pattern, column, hi-lo), u.factor, a.limit.bound, &t.sums, lo-c.Lo)
	t.m0 += m0
	t.stored += stored
	w.countPattern(u, a, lo, hi, m0, pattern, work)
}

// bits updates the synapses of [lo,hi), part of one row, whose bits of a mask are 1.
func (rankOne) bits(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int, mask masks.Bitmask, work *scratch) {
	first, column := lo&^63, lo%a.Out // chunks begin at multiples of 64
	drawn := work.bits[:(hi-first+63)/64]
	mask.Bits(a.Synapses, first, drawn)
	kept := bitset.Shifted(drawn, drawn, lo-first, hi-lo)
	g := work.dense[:hi-lo]
	simd.Scale(g, a.dz[column:], a.x[lo/a.Out])
	m0, stored := simd.ApplyMasked(a.target[lo:hi], g, kept, u.factor, a.limit.bound, &t.sums, lo-c.Lo)
	t.m0 += m0
	t.stored += stored
	if a.window != nil {
		countBits(a.window[lo:hi], kept, g, u.factor, m0, work)
	}
}

// listed updates the synapses of [lo,hi), which may span several rows, that every mask
// keeps.
func (rankOne) listed(u *Updater, a *array, c masks.Chunk, t *counters, lo, hi int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	s := span{lo: lo, hi: hi, listed: true, kept: a.selected(lo, hi, work)}
	delta := work.delta[:len(s.kept)]
	a.formAt(s.kept, delta)
	simd.Scale(delta, delta, u.factor)
	if lo%simd.Lanes != c.Lo%simd.Lanes || len(s.kept)*sparse < hi-lo {
		t.applyAt(a, s.kept, delta, delta)
		return
	}
	dense := scatter(work.dense[:hi-lo], s, delta)
	t.applySpan(a, lo, hi, dense, dense)
}
