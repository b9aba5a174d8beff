package simd

import "unsafe"

// withinVectors does as much of Within as fills whole vectors, and says how much.
func withinVectors(bits []uint64, words []uint32, x []float32, scale float64) int {
	n := whole(len(x), 16, 8)
	if n == 0 {
		return 0
	}
	flags := (*uint8)(unsafe.Pointer(&bits[0])) // the lowest byte of a word comes first
	if level == AVX512 {
		within512(flags, &words[0], &x[0], scale, n)
	} else {
		within256(flags, &words[0], &x[0], scale, n)
	}
	return n
}
