package simd

import "unsafe"

// As the functions of vectors_amd64.go, those below do as much as fills whole vectors, and
// say how much.

func momentumVectors(delta, v, g []float32, decay, factor float32) int {
	n := whole(len(delta), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		momentum512(&delta[0], &v[0], &g[0], decay, factor, n)
	default:
		momentum256(&delta[0], &v[0], &g[0], decay, factor, n)
	}
	return n
}

func adamVectors(delta, m, v, g []float32, r *AdamRates) int {
	n := whole(len(delta), 16, 8)
	rates := (*[7]float32)(unsafe.Pointer(r))
	switch {
	case n == 0:
	case level == AVX512:
		adam512(&delta[0], &m[0], &v[0], &g[0], rates, n)
	default:
		adam256(&delta[0], &m[0], &v[0], &g[0], rates, n)
	}
	return n
}

func scaledSumVectors(dst, a []float32, x, y float32) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		scaledSum512(&dst[0], &a[0], x, y, n)
	default:
		scaledSum256(&dst[0], &a[0], x, y, n)
	}
	return n
}

func signsVectors(delta, g []float32, step, threshold float32) int {
	n := whole(len(delta), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		signs512(&delta[0], &g[0], step, threshold, n)
	default:
		signs256(&delta[0], &g[0], step, threshold, n)
	}
	return n
}

func flipsVectors(delta, m, w, g []float32, rest, gamma, threshold float32) int {
	n := whole(len(delta), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		flips512(&delta[0], &m[0], &w[0], &g[0], rest, gamma, threshold, n)
	default:
		flips256(&delta[0], &m[0], &w[0], &g[0], rest, gamma, threshold, n)
	}
	return n
}

func squaresOuterVectors(dz []float32, x, minus float32, sums *[BlockLanes]float64) int {
	n := whole(len(dz), 16, 16)
	switch {
	case n == 0:
	case level == AVX512:
		squaresOuter512(&dz[0], n, sums, x, minus)
	default:
		squaresOuter256(&dz[0], n, sums, x, minus)
	}
	return n
}

func squaresVectors(x []float32, sums *[BlockLanes]float64) int {
	n := whole(len(x), 16, 16)
	switch {
	case n == 0:
	case level == AVX512:
		squares512(&x[0], n, sums)
	default:
		squares256(&x[0], n, sums)
	}
	return n
}

func replaceUnsetVectors(dst, other []float32, bits []uint64) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		replaceUnset512(&dst[0], &other[0], &bits[0], n)
	default:
		replaceUnset256(&dst[0], &other[0], &bits[0], n)
	}
	return n
}
