package simd

// SumRows writes to dst the sums of the columns of a, first row first: dst[j] =
// a[j] + a[stride+j] + a[2·stride+j] + …, of so many rows, at least one.
func SumRows(dst, a []float32, rows, stride int) {
	_ = a[(rows-1)*stride+len(dst)-1]
	done := sumRowsVectors(dst, a, rows, stride)
	for j := done; j < len(dst); j++ {
		sum := a[j]
		for row := 1; row < rows; row++ {
			sum += a[row*stride+j]
		}
		dst[j] = sum
	}
}
