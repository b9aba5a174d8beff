//go:build gpu

package cuda

// #include "driver.h"
import "C"

import (
	"fmt"
	"math"
	"unsafe"

	"ergon/internal/gpu"
)

// Launch implements gpu.Device.
func (d *device) Launch(name string, x, y int, arguments []byte) error {
	k, ok := d.kernels.functions[name]
	if !ok {
		return fmt.Errorf("cuda: no kernel %q", name)
	}
	if x < 1 || x > math.MaxInt32 || y < 1 || y > 65535 {
		return fmt.Errorf("cuda: kernel %s launched with %d×%d blocks", name, x, y)
	}
	if len(arguments) != k.bytes {
		return fmt.Errorf("cuda: kernel %s has arguments of %d bytes, and was given %d", name, k.bytes, len(arguments))
	}
	code := C.driver_launch(d.queue, handle(k.function), C.uint(x), C.uint(y), gpu.Threads, unsafe.Pointer(&arguments[0]))
	if code != C.CUDA_SUCCESS {
		return failure("cuLaunchKernel of "+name, code)
	}
	return nil
}

// Zero implements gpu.Device.
func (d *device) Zero(at gpu.Pointer, bytes int) error {
	if bytes == 0 {
		return nil
	}
	if err := d.memory.check(at, bytes); err != nil {
		return err
	}
	return failure("cuMemsetD8Async", C.driver_zero(d.queue, C.CUdeviceptr(at), C.size_t(bytes)))
}
