//go:build linux || darwin || freebsd

package blas

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// openBLASFiles are the names the dynamic loader is asked for, in order.
var openBLASFiles = []string{"libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas.dylib"}

// openBLAS calls the Fortran entry point sgemm_, whose arguments are all
// pointers, so that one plain system call convention serves every platform.
type openBLAS struct {
	sgemm uintptr
	name  string
	calls sync.Pool // *sgemmCall
}

var _ Library = (*openBLAS)(nil)

// sgemmCall holds the arguments of one call: C reads them through pointers,
// so they must stay where they are, which a goroutine's stack does not promise.
type sgemmCall struct {
	transA, transB         byte
	m, n, k, lda, ldb, ldc int32
	alpha, beta            float32
	arguments              [13]uintptr // addresses of the above and of the matrices
}

// The places of the matrices among sgemm_'s arguments.
const firstMatrix, secondMatrix, resultMatrix = 6, 8, 11

func newSgemmCall() any {
	c := new(sgemmCall)
	c.arguments = [13]uintptr{
		address(&c.transA), address(&c.transB), address(&c.m), address(&c.n), address(&c.k),
		address(&c.alpha), 0, address(&c.lda), 0, address(&c.ldb), address(&c.beta), 0, address(&c.ldc),
	}
	return c
}

func address[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

func loadOpenBLAS() (Library, error) {
	runtime.LockOSThread() // the loader keeps the text of its error by thread
	defer runtime.UnlockOSThread()
	var failures []string
	for _, file := range openBLASFiles {
		handle, err := purego.Dlopen(file, purego.RTLD_NOW|purego.RTLD_LOCAL)
		if err != nil {
			failures = append(failures, err.Error())
			continue
		}
		return newOpenBLAS(handle)
	}
	return nil, fmt.Errorf("blas: openblas not found (%s); install it (Debian: libopenblas0-pthread) or set engine.blas=gonum", strings.Join(failures, "; "))
}

func newOpenBLAS(handle uintptr) (Library, error) {
	sgemm, err := purego.Dlsym(handle, "sgemm_")
	if err != nil {
		return nil, fmt.Errorf("blas: openblas without sgemm_: %w", err)
	}
	// One thread per call: OpenBLAS's own threads spin after each product and
	// fight with ours. The work is split over goroutines instead.
	setThreads, err := purego.Dlsym(handle, "openblas_set_num_threads")
	if err != nil {
		return nil, errors.New("blas: openblas without openblas_set_num_threads cannot be held to one thread")
	}
	purego.SyscallN(setThreads, 1)
	library := &openBLAS{sgemm: sgemm, name: "openblas"}
	library.calls.New = newSgemmCall
	if config, err := purego.Dlsym(handle, "openblas_get_config"); err == nil {
		var get func() string
		purego.RegisterFunc(&get, config)
		library.name = strings.TrimSpace(get())
	}
	if core, err := purego.Dlsym(handle, "openblas_get_corename"); err == nil {
		var get func() string
		purego.RegisterFunc(&get, core)
		library.name += " (kernels: " + get() + ")"
	}
	return library, nil
}

func (o *openBLAS) Name() string { return o.name }

// Gemm hands row-major matrices to a column-major library: it sees their
// transposes, so it is asked for Cᵀ = op(B)ᵀ·op(A)ᵀ.
func (o *openBLAS) Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	check(transA, transB, m, n, k, a, lda, b, ldb, c, ldc)
	call := o.calls.Get().(*sgemmCall)
	call.transA, call.transB = fortranFlag(transB), fortranFlag(transA)
	call.m, call.n, call.k = int32(n), int32(m), int32(k)
	call.lda, call.ldb, call.ldc = int32(ldb), int32(lda), int32(ldc)
	call.alpha, call.beta = 1, beta
	call.arguments[firstMatrix], call.arguments[secondMatrix], call.arguments[resultMatrix] = address(&b[0]), address(&a[0]), address(&c[0])
	purego.SyscallN(o.sgemm, call.arguments[:]...)
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
	runtime.KeepAlive(c)
	o.calls.Put(call)
}

func fortranFlag(transposed bool) byte {
	if transposed {
		return 'T'
	}
	return 'N'
}
