package simd

// Affine writes scale·src[i] + offset to dst[i] for all of dst, in float64 and
// rounded at last; src is at least as long.
func Affine(dst []float32, src []byte, scale, offset float64) {
	src = src[:len(dst)]
	done := affineVectors(dst, src, scale, offset)
	for i := done; i < len(dst); i++ {
		dst[i] = float32(float64(scale*float64(src[i])) + offset)
	}
}

// Prefetch asks for bytes that will soon be read, where the processor can be asked.
func Prefetch(x []byte) {
	if len(x) > 0 {
		prefetchBytes(x)
	}
}
