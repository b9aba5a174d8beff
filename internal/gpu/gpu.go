// Package gpu is what Ergon asks of a graphics processor: memory, launches of
// kernels, matrix products, and work that is recorded once and replayed.
//
// The kernels are CUDA C beside their Go twins, in graph, masks, energy and
// datasets; kernels.cu includes them all. A Device runs them: package cuda on a
// GPU (build tag gpu), package emulator compiled for the host, in tests. No
// binding's types appear here, so that another one can stand in.
package gpu

import (
	"errors"
	"unsafe"
)

// Device is a graphics processor with one queue of work: what is asked of it is
// done in the order of the calls, some time after them. Errors of queued work
// are reported by a later call. A Device is for one goroutine at a time.
type Device interface {
	// Info describes the device.
	Info() Info
	// Allocate returns the address of zeroed memory, aligned to 256 bytes.
	Allocate(bytes int) (Pointer, error)
	// Free returns memory that Allocate gave, once queued work is done with it.
	Free(Pointer) error
	// Upload copies to the device; from may be changed when it returns.
	Upload(to Pointer, from []byte) error
	// Download waits for all queued work and copies from the device.
	Download(to []byte, from Pointer) error
	// Zero sets bytes to 0.
	Zero(at Pointer, bytes int) error
	// Launch queues x·y blocks of Threads threads of a kernel. The arguments are
	// the kernel's struct, byte for byte; they are copied.
	Launch(kernel string, x, y int, arguments []byte) error
	// Multiply queues a matrix product.
	Multiply(Product) error
	// Capture records the launches, products and zeroings that work asks for,
	// without doing them. Other calls fail in it.
	Capture(work func() error) (Graph, error)
	// Synchronize waits for all queued work.
	Synchronize() error
	// Close frees the device and everything allocated on it.
	Close() error
}

// Graph is recorded work.
type Graph interface {
	// Launch queues the work once more.
	Launch() error
	// Close forgets the record.
	Close() error
}

// Threads is the number of threads of every block; kernel.cuh has the same.
const Threads = 256

// Info describes a device, for reports.
type Info struct {
	Name       string // as the driver calls it
	Driver     string // version of the CUDA driver
	Capability string // compute capability, such as 9.0
	Memory     int64  // bytes in all
	Free       int64  // bytes free when the device was opened
	Processors int    // streaming multiprocessors
	BLAS       string // library of matrix products, with its version
}

// Pointer is an address in a device's memory.
type Pointer uint64

// Plus returns the address of float32 number n after p.
func (p Pointer) Plus(n int) Pointer { return p + Pointer(4*n) }

// Product is C = op(A)·op(B) of float32 matrices, row-major and packed, for each
// of several networks: op(A) [M,K], op(B) [K,N], C [M,N]. Sums are in float32,
// in no particular order, but the same one every time.
type Product struct {
	TransA, TransB            bool
	M, N, K                   int
	A, B, C                   Pointer // of the first network
	StrideA, StrideB, StrideC int     // numbers from a network's matrix to the next one's
	Networks                  int
}

// Open opens the first GPU.
func Open() (Device, error) {
	if opener == nil {
		return nil, ErrNotBuilt
	}
	return opener()
}

// Built says whether the program can use a GPU at all.
func Built() bool { return opener != nil }

// ErrNotBuilt is Open's error in a program without a binding.
var ErrNotBuilt = errors.New(`this program was built without GPU support; build it with "go build -tags gpu ./cmd/ergon" (README, "On a GPU") or set engine.device=cpu`)

var opener func() (Device, error)

// Register makes open what Open calls: a binding does so when it is linked, a
// test to have its own device. It returns what undoes it.
func Register(open func() (Device, error)) (undo func()) {
	before := opener
	opener = open
	return func() { opener = before }
}

// Launch launches a kernel with a Go struct that is laid out like its own:
// pointers first, then 4-byte numbers, so that no compiler pads between them.
func Launch[A any](d Device, kernel string, x, y int, arguments A) error {
	return d.Launch(kernel, x, y, bytes([]A{arguments}))
}

// Blocks returns how many blocks n threads need.
func Blocks(n int) int { return (n + Threads - 1) / Threads }

// bytes returns the storage of s, not a copy.
func bytes[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}
