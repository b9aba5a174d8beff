//go:build !amd64

package simd

func consolidateVectors(Transients, []float32, float64, float32, *Consolidated) bool { return false }

func addTransientsVectors([]float64, Transients) int { return 0 }

func maxTransientsVectors([]float32, Transients) int { return 0 }
