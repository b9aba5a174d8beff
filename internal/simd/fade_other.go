//go:build !amd64

package simd

func fadeVectors(_, _ []float32, _, _ float32, _ *[BlockLanes]float64) (n, updates int) { return 0, 0 }
