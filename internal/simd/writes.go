package simd

// AddBytes adds src[i] to dst[i] for all of dst; src is at least as long.
func AddBytes(dst, src []uint8) {
	src = src[:len(dst)]
	for i := addBytesVectors(dst, src); i < len(dst); i++ {
		dst[i] += src[i]
	}
}

// CountProducts adds 1 to counts[i] where the product factor·g[i], rounded, is not zero, for
// all of g; counts is at least as long. NaN is not zero.
func CountProducts(counts []uint8, g []float32, factor float32) {
	counts = counts[:len(g)]
	for i := countProductsVectors(counts, g, factor); i < len(g); i++ {
		counts[i] += uint8(nonzero(factor * g[i]))
	}
}

// Drain adds src[i] to dst[i] and makes it 0, for all of src; dst is at least as long.
func Drain(dst []uint32, src []uint8) {
	dst = dst[:len(src)]
	for i := drainVectors(dst, src); i < len(src); i++ {
		dst[i] += uint32(src[i])
		src[i] = 0
	}
}
