//go:build gpu

package gpu

import _ "embed" // the kernels

// PTX is kernels.cu compiled for any GPU of compute capability 7.5 or more; the
// driver makes machine code of it. "go generate ./internal/gpu" writes it anew.
//
//go:embed kernels.ptx
var PTX string
