package simd

import "math/bits"

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

// CountCommon adds to counts[j], for all columns, how many bits columns[j] and row have in common.
func CountCommon(counts []uint32, columns []uint64, row uint64) {
	counts = counts[:len(columns)]
	for j := countCommonVectors(counts, columns, row); j < len(columns); j++ {
		counts[j] += uint32(bits.OnesCount64(columns[j] & row))
	}
}

// MarkNonzero sets bit in words[i] where x[i] is not zero, for all of x, and returns how often.
// NaN is not zero.
func MarkNonzero(words []uint64, x []float32, bit uint64) int {
	words = words[:len(x)]
	done, count := markNonzeroVectors(words, x, bit)
	for i := done; i < len(x); i++ {
		if x[i] != 0 {
			words[i] |= bit
			count++
		}
	}
	return count
}

// Drain adds src[i] to dst[i] and makes it 0, for all of src; dst is at least as long.
func Drain(dst []uint32, src []uint8) {
	dst = dst[:len(src)]
	for i := drainVectors(dst, src); i < len(src); i++ {
		dst[i] += uint32(src[i])
		src[i] = 0
	}
}
