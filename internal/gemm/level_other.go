//go:build !amd64

package gemm

import "ergon/internal/simd"

var active = choose(simd.Active())

func choose(simd.Level) *instructions { return portable }
