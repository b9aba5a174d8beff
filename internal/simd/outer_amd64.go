package simd

import "math"

// applyRowsVectors is ApplyRows of the errors dz, of which so many are not zero, to weights that begin
// in a lane, and reports whether the level has vectors.
func (o *Outer) applyRowsVectors(w, dz, x []float32, rows []int32, nonzero int, sums *Sums, lane int) (m0, stored int, done bool) {
	// Where x is infinite a product may be no number: such a row is none that is known to be free.
	free := min(o.bound, math.MaxFloat32)
	switch level {
	case AVX512:
		m0, stored = applyOuterRows512(&w[0], &dz[0], &x[0], &rows[0], len(rows), len(o.dz), lane, len(dz), o.minus, o.bound, free, o.least, o.most, nonzero, &sums.M1, &sums.Work)
	case AVX2:
		m0, stored = applyOuterRows256(&w[0], &dz[0], &x[0], &rows[0], len(rows), len(o.dz), lane, len(dz), o.minus, o.bound, free, o.least, o.most, nonzero, &sums.M1, &sums.Work)
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
