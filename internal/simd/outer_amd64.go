package simd

import "math"

// applyRowsVectors is ApplyRows, and reports whether the level has vectors.
func (o Outer) applyRowsVectors(w []float32, stride int, x []float32, rows []int32, sums *Sums, first int) (m0, stored int, done bool) {
	n := len(o.dz)
	switch {
	case level == Portable:
		return 0, 0, false
	case n == 0 || len(rows) == 0:
		return 0, 0, true
	}
	_ = w[(len(x)-1)*stride+n-1]
	// Where x is infinite a product may be no number: such a row is none that is known to be free.
	free := min(o.bound, math.MaxFloat32)
	if level == AVX512 {
		m0, stored = applyOuterRows512(&w[0], &o.dz[0], &x[0], &rows[0], len(rows), stride, first, n, o.minus, o.bound, free, o.least, o.most, o.nonzero, &sums.M1, &sums.Work)
	} else {
		m0, stored = applyOuterRows256(&w[0], &o.dz[0], &x[0], &rows[0], len(rows), stride, first, n, o.minus, o.bound, free, o.least, o.most, o.nonzero, &sums.M1, &sums.Work)
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
