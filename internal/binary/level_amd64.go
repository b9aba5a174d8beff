package binary

import "ergon/internal/simd"

var (
	avx512 = &kernels{
		packVectors,
		func(tables, rows []float32, groups int) { tabulate512(&tables[0], &rows[0], groups) },
		func(to []float32, toPitch int, from []float32, fromPitch int, tables []float32, words []uint64, groups int) {
			sum512(&to[0], size*toPitch, &from[0], size*fromPitch, &tables[0], &words[0], groups, len(words))
		},
	}
	avx2 = &kernels{
		packVectors,
		func(tables, rows []float32, groups int) { tabulate256(&tables[0], &rows[0], groups) },
		func(to []float32, toPitch int, from []float32, fromPitch int, tables []float32, words []uint64, groups int) {
			sum256(&to[0], size*toPitch, &from[0], size*fromPitch, &tables[0], &words[0], groups, len(words))
		},
	}
)

// choose returns the kernels of a level.
func choose(level simd.Level) *kernels {
	switch level {
	case simd.AVX512:
		return avx512
	case simd.AVX2:
		return avx2
	}
	return portable
}

// packVectors packs eight numbers at a time, and a rest one by one.
func packVectors(bits []byte, x []float32) bool {
	n := len(x) / 8
	if n > 0 && !pack256(&bits[0], &x[0], n) {
		return false
	}
	return packPortable(bits[n:], x[8*n:])
}
