package simd

// Nonzeros lists the indices of those x that are not zero, ascending, in places, which has room for as
// many as there are x. NaN is not zero.
func Nonzeros(x []float32, places []int32) []int32 {
	return places[:Reaching(x, 0, 1, 0, places)]
}

// AxpyRows adds x[row]·w[row·stride+j] to acc[j] for all of acc, in float64, for each of some rows,
// one after the other. As in [Axpy], only the additions round.
func AxpyRows(acc []float64, w []float32, stride int, x []float32, rows []int32) {
	if len(rows) == 0 || len(acc) == 0 || axpyRowsVectors(acc, w, stride, x, rows) {
		return
	}
	for _, row := range rows {
		Axpy(acc, w[int(row)*stride:][:len(acc)], x[row])
	}
}
