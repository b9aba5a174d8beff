package simd

// turnVectors does as much of Turn as fills whole vectors of columns, and says how many.
func turnVectors(directions []float32, rows, added []float64, next []float32) (n, changed int) {
	width := len(added)
	n = whole(width, 8, 4)
	switch {
	case n == 0 || len(directions) == 0:
	case level == AVX512:
		changed = turn512(&directions[0], 4*width, &rows[0], &added[0], len(directions)/width, n, &next[0])
	default:
		changed = turn256(&directions[0], 4*width, &rows[0], &added[0], len(directions)/width, n, &next[0])
	}
	return n, changed
}

// largestVectors does as much of Largest as fills whole vectors, and says how much.
func largestVectors(x []float32) (n int, bits uint32) {
	if n = whole(len(x), 16, 16); n > 0 {
		bits = largest256(&x[0], n)
	}
	return n, bits
}
