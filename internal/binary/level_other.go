//go:build !amd64

package binary

import "ergon/internal/simd"

func choose(simd.Level) *kernels { return portable }
