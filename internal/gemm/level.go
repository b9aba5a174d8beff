package gemm

import "ergon/internal/simd"

// Level names the instructions in use.
func Level() string { return string(simd.Active()) }

// Vectorised says whether the kernels are more than plain Go.
func Vectorised() bool { return active != portable }
