package simd

// axpyRowsVectors is AxpyRows, and reports whether the level has vectors.
func axpyRowsVectors(acc []float64, w []float32, stride int, x []float32, rows []int32) bool {
	if level == Portable {
		return false
	}
	_ = w[(len(x)-1)*stride+len(acc)-1]
	axpyRows256(&acc[0], &w[0], stride, &x[0], &rows[0], len(rows), len(acc))
	return true
}
