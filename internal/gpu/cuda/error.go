//go:build gpu

package cuda

// #include "driver.h"
import "C"

import (
	"errors"
	"fmt"
	"reflect"
)

var (
	errCapturing = errors.New("cuda: only launches, products and zeroings can be captured")
	errClosed    = errors.New("cuda: the device is closed")
)

// hints say what to do about an error of the driver.
var hints = map[C.CUresult]string{
	C.CUDA_ERROR_OUT_OF_MEMORY:           "take fewer networks side by side (ergon bench --jobs) or a smaller batch, or end what else uses the GPU (nvidia-smi lists it)",
	C.CUDA_ERROR_NO_DEVICE:               "nvidia-smi must list a GPU, and CUDA_VISIBLE_DEVICES must not hide it",
	C.CUDA_ERROR_INVALID_CONTEXT:         "the device is closed",
	C.CUDA_ERROR_STUB_LIBRARY:            "libcuda.so.1 is the toolkit's stub: put the driver's before it in LD_LIBRARY_PATH",
	C.CUDA_ERROR_NOT_FOUND:               "libcuda.so.1 is not a driver",
	C.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH:  "the driver was updated while it ran: restart the machine",
	C.CUDA_ERROR_UNSUPPORTED_PTX_VERSION: "the driver is older than CUDA 11.8: update it",
	C.CUDA_ERROR_INVALID_PTX:             "the GPU needs compute capability 7.5 or more, and the driver CUDA 11.8 or more",
	C.CUDA_ERROR_NO_BINARY_FOR_GPU:       "the GPU needs compute capability 7.5 or more",
	C.CUDA_ERROR_ILLEGAL_ADDRESS:         "a kernel went wrong, and nothing on the device can be trusted: start the program again",
	C.CUDA_ERROR_LAUNCH_FAILED:           "a kernel went wrong, and nothing on the device can be trusted: start the program again",
}

// failure is the error of a call of the driver: nil for CUDA_SUCCESS.
func failure(call string, code C.CUresult) error {
	if code == C.CUDA_SUCCESS {
		return nil
	}
	text := fmt.Sprintf("cuda: %s: %s (%d)", call, C.GoString(C.driver_name(code)), code)
	if hint, ok := hints[code]; ok {
		text += ": " + hint
	}
	return errors.New(text)
}

// named is failure for an error that cu returned: its type, which is not
// exported, is the driver's code.
func named(call string, err error) error {
	if err == nil {
		return nil
	}
	if v := reflect.ValueOf(err); v.CanInt() {
		return failure(call, C.CUresult(v.Int()))
	}
	return fmt.Errorf("cuda: %s: %w", call, err)
}
