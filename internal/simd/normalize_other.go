//go:build !amd64

package simd

func sumSquaresVectors(_, _, _ []float32, _ int) int { return 0 }

func sumProductsVectors(_, _, _, _ []float32, _ int) int { return 0 }

func normalizeVectors(_, _, _, _ []float32) int { return 0 }

func normalizeErrorVectors(_, _, _, _, _, _, _ []float32) int { return 0 }
