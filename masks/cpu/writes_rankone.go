package cpu

import (
	"ergon/internal/bitset"
	"ergon/internal/simd"
	"ergon/masks"
)

// The writes of rankOne. Its update factor·x[i]·dz[j] is 0 where dz[j] is, and otherwise only where
// the product is too small for a float32. So the synapses written of a row are those with dz ≠ 0,
// if they are as many as have been counted; if not, they are looked at one by one.

// columns are the columns of an array whose dz is not zero.
type columns struct {
	bytes  []uint8 // [Out+8] 1 where it is not, else 0
	before []int32 // [Out+1] how many are not among the first so many
}

// load finds the columns of the step.
func (c *columns) load(dz []float32) {
	if c.bytes == nil {
		c.bytes, c.before = make([]uint8, len(dz)+8), make([]int32, len(dz)+1)
	}
	clear(c.bytes)
	simd.CountProducts(c.bytes, dz, 1)
	for j := range dz {
		c.before[j+1] = c.before[j] + int32(c.bytes[j])
	}
}

// countRows counts the writes of a chunk that no mask restricts.
func (w rankOne) countRows(u *Updater, a *array, c masks.Chunk, t *counters) {
	if a.window == nil || t.m0 == 0 {
		return
	}
	expected := 0
	eachRow(a, c, func(lo, hi, row int) {
		expected += int(a.nonzero.before[hi-row*a.Out] - a.nonzero.before[lo-row*a.Out])
	})
	exact := expected == t.m0
	eachRow(a, c, func(lo, hi, row int) {
		if exact {
			simd.AddBytes(a.window[lo:hi], a.nonzero.bytes[lo-row*a.Out:])
			return
		}
		w.countEach(u, a, lo, hi, nil)
	})
}

// eachRow calls visit with the part [lo,hi) of each row of a chunk whose x is not zero.
func eachRow(a *array, c masks.Chunk, visit func(lo, hi, row int)) {
	for lo, row := c.Lo, c.Lo/a.Out; lo < c.Hi; row++ {
		hi := min((row+1)*a.Out, c.Hi)
		if a.x[row] != 0 {
			visit(lo, hi, row)
		}
		lo = hi
	}
}

// countPattern counts the m0 writes of [lo,hi), part of one row, of which a pattern keeps some.
func (w rankOne) countPattern(u *Updater, a *array, lo, hi, m0 int, pattern []uint64) {
	if a.window == nil || m0 == 0 {
		return
	}
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	column, n := lo%a.Out, hi-lo
	copy(work.bytes[:n], a.nonzero.bytes[column:])
	clear(work.bytes[n : n+8])
	if keepBits(work.bytes[:], bitset.Shifted(work.bits[:], pattern, column, n), n) == m0 {
		simd.AddBytes(a.window[lo:hi], work.bytes[:])
		return
	}
	w.countEach(u, a, lo, hi, pattern)
}

// countEach counts the writes of [lo,hi), part of one row, by the definition of the update. A
// pattern of nil keeps all.
func (rankOne) countEach(u *Updater, a *array, lo, hi int, pattern []uint64) {
	start, x := lo/a.Out*a.Out, a.x[lo/a.Out]
	for i := lo; i < hi; i++ {
		if j := i - start; pattern != nil && pattern[j/64]>>(j%64)&1 == 0 {
			continue
		}
		g := x * a.dz[i-start]
		if float32(u.factor*g) != 0 {
			a.window[i]++
		}
	}
}
