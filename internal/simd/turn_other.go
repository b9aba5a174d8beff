//go:build !amd64

package simd

func turnVectors(_ []float32, _, _ []float64, _ []float32) (n, changed int) { return 0, 0 }

func largestVectors([]float32) (n int, bits uint32) { return 0, 0 }
