package simd

// As much as whole vectors of columns do, of rows of whole numbers of them.

func sumSquaresVectors(dst, a, center []float32, rows int) int {
	n, width := whole(len(dst), 16, 8), len(dst)
	switch {
	case n != width || rows == 0:
		return 0
	case level == AVX512:
		sumSquares512(&dst[0], &a[0], &center[0], rows, width)
	default:
		sumSquares256(&dst[0], &a[0], &center[0], rows, width)
	}
	return width
}

func sumProductsVectors(dst, d, a, center []float32, rows int) int {
	n, width := whole(len(dst), 16, 8), len(dst)
	switch {
	case n != width || rows == 0:
		return 0
	case level == AVX512:
		sumProducts512(&dst[0], &d[0], &a[0], &center[0], rows, width)
	default:
		sumProducts256(&dst[0], &d[0], &a[0], &center[0], rows, width)
	}
	return width
}

func normalizeVectors(dst, a, mean, scale []float32) int {
	n, width := whole(len(mean), 16, 8), len(mean)
	rows := len(dst) / width
	switch {
	case n != width || rows == 0:
		return 0
	case level == AVX512:
		normalize512(&dst[0], &a[0], &mean[0], &scale[0], rows, width)
	default:
		normalize256(&dst[0], &a[0], &mean[0], &scale[0], rows, width)
	}
	return rows * width
}

func normalizeErrorVectors(dst, d, a, mean, scale, shift, slope []float32) int {
	n, width := whole(len(mean), 16, 8), len(mean)
	rows := len(dst) / width
	switch {
	case n != width || rows == 0:
		return 0
	case level == AVX512:
		normalizeError512(&dst[0], &d[0], &a[0], &mean[0], &scale[0], &shift[0], &slope[0], rows, width)
	default:
		normalizeError256(&dst[0], &d[0], &a[0], &mean[0], &scale[0], &shift[0], &slope[0], rows, width)
	}
	return rows * width
}
