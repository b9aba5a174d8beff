//go:build !amd64

package sparse

import "ergon/internal/simd"

func choose(simd.Level) ways { return ways{} }

// Without a way nothing is marked.

func markRow(*uint64, *float32, int, uint32) { panic("sparse: no kernels") }

func markColumns(*uint64, *uint8, *float32, int, int, int, uint32) { panic("sparse: no kernels") }
