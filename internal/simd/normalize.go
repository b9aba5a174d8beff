package simd

// Loops over rows of numbers that belong to channels: element j of a row, whose width is
// the length of the vectors of numbers by channel, has its own mean and factors. Arrays are
// whole rows.

// SumSquares writes to dst the sums of the columns of (a - center)², first row first; center
// is at least as long as dst.
func SumSquares(dst, a, center []float32) {
	rows := len(a) / len(dst)
	center = center[:len(dst)]
	done := sumSquaresVectors(dst, a, center, rows)
	for j := done; j < len(dst); j++ {
		sum := float32(0)
		for i := j; i < len(a); i += len(dst) {
			x := a[i] - center[j]
			sum += float32(x * x)
		}
		dst[j] = sum
	}
}

// SumProducts writes to dst the sums of the columns of d·(a - center), first row first; a
// is as long as d, center at least as long as dst.
func SumProducts(dst, d, a, center []float32) {
	rows := len(d) / len(dst)
	a, center = a[:len(d)], center[:len(dst)]
	done := sumProductsVectors(dst, d, a, center, rows)
	for j := done; j < len(dst); j++ {
		sum := float32(0)
		for i := j; i < len(d); i += len(dst) {
			sum += float32(d[i] * (a[i] - center[j]))
		}
		dst[j] = sum
	}
}

// Normalize writes (a - mean)·scale to dst, in whose rows the channels of mean and scale
// follow each other again and again; the last row may be cut off.
func Normalize(dst, a, mean, scale []float32) {
	a, scale = a[:len(dst)], scale[:len(mean)]
	done := normalizeVectors(dst, a, mean, scale)
	for i := done; i < len(dst); i++ {
		j := i % len(mean)
		dst[i] = float32(a[i]-mean[j]) * scale[j]
	}
}

// NormalizeError writes (d - shift - (a - mean)·slope)·scale to dst, as [Normalize] does;
// dst may be d.
func NormalizeError(dst, d, a, mean, scale, shift, slope []float32) {
	d, a = d[:len(dst)], a[:len(dst)]
	scale, shift, slope = scale[:len(mean)], shift[:len(mean)], slope[:len(mean)]
	done := normalizeErrorVectors(dst, d, a, mean, scale, shift, slope)
	for i := done; i < len(dst); i++ {
		j := i % len(mean)
		dst[i] = (d[i] - shift[j] - float32((a[i]-mean[j])*slope[j])) * scale[j]
	}
}
