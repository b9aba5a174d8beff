//go:build !amd64

package simd

func metaplasticVectors(_, _, _ []float32, _ float64, _ []uint64) (n, updates int) { return 0, 0 }
