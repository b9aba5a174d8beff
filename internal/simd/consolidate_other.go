//go:build !amd64

package simd

func consolidateVectors(Transients, []float32, float64, float32, *Consolidated) bool { return false }
