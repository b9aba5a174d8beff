package simd

// As the functions of vectors_amd64.go, those below do as much as fills whole vectors, and
// say how much.

func addBytesVectors(dst, src []uint8) int {
	n := whole(len(dst), 32, 32)
	if n > 0 {
		addBytes256(&dst[0], &src[0], n)
	}
	return n
}

func countProductsVectors(counts []uint8, g []float32, factor float32) int {
	n := whole(len(g), 32, 32)
	if n > 0 {
		countProducts256(&counts[0], &g[0], factor, n)
	}
	return n
}

func drainVectors(dst []uint32, src []uint8) int {
	n := whole(len(src), 32, 32)
	if n > 0 {
		drain256(&dst[0], &src[0], n)
	}
	return n
}
