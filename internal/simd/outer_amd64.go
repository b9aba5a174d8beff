package simd

import "math"

// applyRowsVectors is ApplyRows, and reports whether the level has vectors.
func (o *Outer) applyRowsVectors(w, x []float32, rows []int32, from, to int, sums *Sums) (m0, stored int, done bool) {
	// Where x is infinite a product may be no number: such a row is none that is known to be free.
	free := min(o.bound, math.MaxFloat32)
	switch level {
	case AVX512:
		m0, stored = applyOuterRows512(&w[from], &o.dz[from], &x[0], &rows[0], len(rows), len(o.dz), from, to-from, o.minus, o.bound, free, o.least, o.most, o.nonzero(from, to), &sums.M1, &sums.Work)
	case AVX2:
		m0, stored = applyOuterRows256(&w[from], &o.dz[from], &x[0], &rows[0], len(rows), len(o.dz), from, to-from, o.minus, o.bound, free, o.least, o.most, o.nonzero(from, to), &sums.M1, &sums.Work)
	default:
		return 0, 0, false
	}
	return m0, stored, true
}

func extremesVectors(x []float32) (n int, least, most uint32) {
	if n = whole(len(x), 8, 8); n == 0 {
		return 0, math.MaxUint32, 0
	}
	least, most = extremes256(&x[0], n)
	return n, least, most
}
