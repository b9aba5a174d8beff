package gemm

import "ergon/internal/simd"

// active are the instructions in use.
var active = choose(simd.Active())

func choose(level simd.Level) *instructions {
	switch level {
	case simd.AVX512:
		return avx512
	case simd.AVX2:
		return avx2
	}
	return portable
}
