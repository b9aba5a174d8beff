//go:build gpu

package cuda

// #include "driver.h"
import "C"

import (
	"unsafe"

	"gorgonia.org/cu"
)

// cu keeps the driver's handles in structs of one unexported pointer, and this
// package's C functions need the pointers.

// handle returns the driver's handle of a stream, a function or a context.
func handle[T cu.Stream | cu.Function | cu.CUContext](h T) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&h))
}

// These fail to compile where a struct has become something else.
var (
	_ [unsafe.Sizeof(uintptr(0))]struct{} = [unsafe.Sizeof(cu.Stream{})]struct{}{}
	_ [unsafe.Sizeof(uintptr(0))]struct{} = [unsafe.Sizeof(cu.Function{})]struct{}{}
	_ [unsafe.Sizeof(uintptr(0))]struct{} = [unsafe.Sizeof(cu.CUContext{})]struct{}{}
)

// newQueue returns driver.h's view of a context and a stream.
func newQueue(c cu.CUContext, s cu.Stream) C.Queue {
	return C.Queue{context: C.CUcontext(handle(c)), stream: C.CUstream(handle(s))}
}
