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

// Noisy writes scale·src[i] + offset + deviation·z[i] to dst[i] for all of dst, in float64,
// added from left to right, and rounded at last; src and z are at least as long.
func Noisy(dst []float32, src []byte, z []float64, scale, offset, deviation float64) {
	src, z = src[:len(dst)], z[:len(dst)]
	done := noisyVectors(dst, src, z, scale, offset, deviation)
	for i := done; i < len(dst); i++ {
		dst[i] = float32(float64(float64(scale*float64(src[i]))+offset) + float64(deviation*z[i]))
	}
}

// Prefetch asks for bytes that will soon be read, where the processor can be asked.
func Prefetch(x []byte) {
	if len(x) > 0 {
		prefetchBytes(x)
	}
}
