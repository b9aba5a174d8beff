//go:build gpu

package cuda

// #include <stdlib.h>
// #include "blas.h"
import "C"

import (
	"errors"
	"fmt"
	"math"
	"unsafe"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

// blas is cuBLAS at work on a device.
type blas struct {
	library   *C.Blas
	workspace cu.DevicePtr
}

// workspaceBytes is what NVIDIA recommends for the largest of today's GPUs
// (cublasSetWorkspace, Hopper and Blackwell). Fixed, so that cuBLAS chooses the
// same way everywhere and allocates nothing later.
const workspaceBytes = 32 << 20

// libraries of cuBLAS, in the order in which they are tried. A new one fails on
// an old driver, whose own is then further down.
var libraries = []string{"libcublas.so.13", "libcublas.so.12", "libcublas.so.11"}

const noBLAS = "cuda: no cuBLAS: install CUDA's libcublas, or add its folder to LD_LIBRARY_PATH"

// openBLAS takes the first library that works on this machine.
func (d *device) openBLAS() error {
	var err error
	if d.blas.workspace, err = cu.MemAlloc(workspaceBytes); err != nil {
		return named("cuMemAlloc of cuBLAS's workspace", err)
	}
	errs := []error{errors.New(noBLAS)}
	for _, name := range libraries {
		err := d.startBLAS(name)
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// startBLAS loads a library and gives it the device's queue.
func (d *device) startBLAS(name string) error {
	file := C.CString(name)
	defer C.free(unsafe.Pointer(file))
	var reason *C.char
	library := C.blas_open(file, &reason)
	if library == nil {
		return errors.New(C.GoString(reason))
	}
	status := C.blas_start(library, d.queue, C.CUdeviceptr(d.blas.workspace), workspaceBytes)
	if status != 0 {
		err := fmt.Errorf("%s: %s (%d)", name, C.GoString(C.blas_name(library, status)), status)
		C.blas_stop(library, d.queue)
		return err
	}
	d.blas.library = library
	version := int(C.blas_version(library))
	d.info.BLAS = fmt.Sprintf("cuBLAS %d.%d.%d", version/1e6, version/1e3%1e3, version%1e3)
	return nil
}

func (d *device) closeBLAS() error {
	var errs []error
	if d.blas.library != nil {
		if status := C.blas_stop(d.blas.library, d.queue); status != 0 {
			errs = append(errs, fmt.Errorf("cuda: cublasDestroy: status %d", status))
		}
	}
	if d.blas.workspace != 0 {
		errs = append(errs, free(gpu.Pointer(d.blas.workspace)))
	}
	d.blas = blas{}
	return errors.Join(errs...)
}

// Multiply implements gpu.Device. cuBLAS has column-major matrices, and a
// row-major C is a column-major Cᵀ = op(B)ᵀ·op(A)ᵀ: the operands change places.
func (d *device) Multiply(p gpu.Product) error {
	if err := d.checkProduct(p); err != nil {
		return err
	}
	g := C.Gemm{
		A: C.CUdeviceptr(p.B), B: C.CUdeviceptr(p.A), C: C.CUdeviceptr(p.C),
		stride_a: C.longlong(p.StrideB), stride_b: C.longlong(p.StrideA), stride_c: C.longlong(p.StrideC),
		m: C.int(p.N), n: C.int(p.M), k: C.int(p.K),
		lda: C.int(p.N), ldb: C.int(p.K), ldc: C.int(p.N), // the lengths of rows
		networks: C.int(p.Networks),
	}
	if p.TransB {
		g.transpose_a, g.lda = 1, C.int(p.K)
	}
	if p.TransA {
		g.transpose_b, g.ldb = 1, C.int(p.M)
	}
	if status := C.blas_multiply(d.blas.library, d.queue, &g); status != 0 {
		name := C.GoString(C.blas_name(d.blas.library, status))
		return fmt.Errorf("cuda: cublasSgemm of [%d,%d]·[%d,%d] for %d networks: %s (%d)", p.M, p.K, p.K, p.N, p.Networks, name, status)
	}
	return nil
}

func (d *device) checkProduct(p gpu.Product) error {
	if d.blas.library == nil {
		return errClosed
	}
	if min(p.M, p.N, p.K, p.Networks) < 1 || max(p.M, p.N, p.K, p.Networks) > math.MaxInt32 {
		return fmt.Errorf("cuda: a product of [%d,%d]·[%d,%d] for %d networks", p.M, p.K, p.K, p.N, p.Networks)
	}
	return errors.Join(
		d.memory.check(p.A, 4*((p.Networks-1)*p.StrideA+p.M*p.K)),
		d.memory.check(p.B, 4*((p.Networks-1)*p.StrideB+p.K*p.N)),
		d.memory.check(p.C, 4*((p.Networks-1)*p.StrideC+p.M*p.N)),
	)
}
