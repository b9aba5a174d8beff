package simd

// fadeVectors does as much of Fade as fills whole vectors, and says how much.
func fadeVectors(a, delta []float32, bound, decay float32, amount *[BlockLanes]float64) (n, updates int) {
	n = whole(len(delta), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		updates = fade512(&a[0], &delta[0], bound, decay, n, amount)
	default:
		updates = fade256(&a[0], &delta[0], bound, decay, n, amount)
	}
	return n, updates
}
