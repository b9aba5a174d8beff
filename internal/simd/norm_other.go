//go:build !amd64

package simd

func squaredNormVectors([]float32, *[4]float64) int { return 0 }
