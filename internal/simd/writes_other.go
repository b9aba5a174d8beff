//go:build !amd64

package simd

func addBytesVectors(_, _ []uint8) int { return 0 }

func countProductsVectors([]uint8, []float32, float32) int { return 0 }

func countCommonVectors([]uint32, []uint64, uint64) int { return 0 }

func markNonzeroVectors([]uint64, []float32, uint64) (n, count int) { return 0, 0 }

func drainVectors([]uint32, []uint8) int { return 0 }
