//go:build !amd64

package simd

func axpyRowsVectors([]float64, []float32, int, []float32, []int32) bool { return false }
