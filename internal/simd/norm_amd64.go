package simd

// squaredNormVectors adds to lanes the squares of as many entries as fill them evenly, and says how many.
func squaredNormVectors(x []float32, lanes *[4]float64) int {
	n := whole(len(x), 4, 4)
	if n > 0 {
		squaredNorm256(&x[0], n, lanes)
	}
	return n
}
