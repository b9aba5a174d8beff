package simd

import "math"

// AddProducts adds a[i]·b[i] to dst[i] for all of dst; a and b are at least as long. Product
// and sum are rounded one after the other.
func AddProducts(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	done := addProductsVectors(dst, a, b)
	for i := done; i < len(dst); i++ {
		dst[i] += float32(a[i] * b[i])
	}
}

// AddSigns writes g[i] + λ·sign(w[i]) to dst[i] for all of dst, g[i] itself where w[i] is
// zero; λ ≥ 0, and g and w are at least as long. It copies the sign bit rather than branch
// on it: signs are close to random, and branches on them would be mispredicted.
func AddSigns(dst, g, w []float32, lambda float32) {
	g, w = g[:len(dst)], w[:len(dst)]
	done := addSignsVectors(dst, g, w, lambda)
	bits := math.Float32bits(lambda)
	for i := done; i < len(dst); i++ {
		dst[i] = g[i]
		if w[i] != 0 {
			dst[i] += math.Float32frombits(bits | math.Float32bits(w[i])&(1<<31))
		}
	}
}
