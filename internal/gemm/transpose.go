package gemm

// Transpose writes src[r·srcRow + c] to dst[c·dstRow + r], for so many rows and columns.
func Transpose(dst []float32, dstRow int, src []float32, srcRow, rows, columns int) {
	active.transpose(dst, dstRow, src, srcRow, rows, columns)
}

// transposeElements writes src[r·srcRow + c] to dst[c·dstRow + r].
func transposeElements(dst []float32, dstRow int, src []float32, srcRow, rows, columns int) {
	for r := range rows {
		for c, x := range src[r*srcRow : r*srcRow+columns] {
			dst[c*dstRow+r] = x
		}
	}
}
