//go:build gpu

package testdevice

import (
	"ergon/internal/gpu"
	_ "ergon/internal/gpu/cuda" // what gpu.Open opens
)

// Real says that the device is the CUDA driver's.
const Real = true

var open = gpu.Open
