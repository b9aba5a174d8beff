//go:build !amd64

package simd

func withinVectors([]uint64, []uint32, []float32, float64) int { return 0 }
