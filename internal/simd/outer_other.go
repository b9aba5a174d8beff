//go:build !amd64

package simd

import "math"

func (*Outer) applyRowsVectors(_, _ []float32, _ []int32, _, _ int, _ *Sums) (m0, stored int, done bool) {
	return 0, 0, false
}

func extremesVectors([]float32) (n int, least, most uint32) { return 0, math.MaxUint32, 0 }
