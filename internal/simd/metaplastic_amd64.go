package simd

import "unsafe"

// metaplasticVectors does as much of Metaplastic as fills whole vectors, and says how much.
func metaplasticVectors(h, delta, w []float32, m float64, flips []uint64) (n, updates int) {
	if n = whole(len(delta), 16, 8); n == 0 {
		return 0, 0
	}
	flags := (*uint8)(unsafe.Pointer(&flips[0])) // the lowest byte of a word comes first
	if level == AVX512 {
		return n, metaplastic512(&h[0], &delta[0], &w[0], flags, n, m)
	}
	return n, metaplastic256(&h[0], &delta[0], &w[0], flags, n, m)
}
