//go:build !linux

package emulator

import (
	"errors"

	"ergon/internal/gpu"
)

// ErrNoCompiler is Open's error where the kernels cannot be compiled.
var ErrNoCompiler = errors.New("the emulator runs on linux only")

// Open fails: there is no emulator for this system.
func Open() (gpu.Device, error) { return nil, ErrNoCompiler }
