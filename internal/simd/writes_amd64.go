package simd

import "golang.org/x/sys/cpu"

// As the functions of vectors_amd64.go, those below do as much as fills whole vectors, and
// say how much.

func addBytesVectors(dst, src []uint8) int {
	n := whole(len(dst), 32, 32)
	if n > 0 {
		addBytes256(&dst[0], &src[0], n)
	}
	return n
}

func countProductsVectors(counts []uint8, g []float32, factor float32) int {
	n := whole(len(g), 32, 32)
	if n > 0 {
		countProducts256(&counts[0], &g[0], factor, n)
	}
	return n
}

func countCommonVectors(counts []uint32, columns []uint64, row uint64) int {
	n := whole(len(columns), 8, 8)
	switch {
	case n == 0:
	case level == AVX512 && cpu.X86.HasAVX512VPOPCNTDQ:
		countCommon512(&counts[0], &columns[0], row, n)
	default:
		countCommon256(&counts[0], &columns[0], row, n)
	}
	return n
}

func markNonzeroVectors(words []uint64, x []float32, bit uint64) (n, count int) {
	if n = whole(len(x), 8, 8); n > 0 {
		count = markNonzero256(&words[0], &x[0], bit, n)
	}
	return n, count
}

func drainVectors(dst []uint32, src []uint8) int {
	n := whole(len(src), 32, 32)
	if n > 0 {
		drain256(&dst[0], &src[0], n)
	}
	return n
}
