//go:build !gpu

package testdevice

import "ergon/internal/gpu/emulator"

// Real says that the device is the CUDA driver's.
const Real = false

var open = emulator.Open
