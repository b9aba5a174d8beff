//go:build !amd64

package convolve

import "ergon/internal/simd"

func choose(simd.Level) *kernels { return nil }
