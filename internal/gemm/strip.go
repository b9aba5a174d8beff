package gemm

import "unsafe"

// strip is the work of one call of a kernel: a few rows of C, in panels of as
// many columns as the kernel holds in registers. Strides are in bytes. The
// assembly knows the order and the sizes of the fields.
type strip struct {
	k             int            // columns of A, rows of B
	a             unsafe.Pointer // first element of A
	aRow, aColumn int
	b             unsafe.Pointer // first element of B's first panel
	bRow, bPanel  int
	c             unsafe.Pointer // first element of C
	cRow          int
	panelCount    int            // at least 1
	accumulate    int            // C += instead of C = where not 0
	packed        unsafe.Pointer // where a packing kernel puts B's panel
	next          unsafe.Pointer // row of B that is packed next
	nextRow       int
	mask          [8]uint32 // of a panel's last vector: instructions.mask
}

// kernel computes a strip. The array is the strip, under a type that the
// assembly's generator can name.
type kernel func(s *[18]uintptr)

func (s *strip) run(f kernel) { f((*[18]uintptr)(unsafe.Pointer(s))) }

// size is that of a float32 in bytes.
const size = 4

// element addresses x[i].
func element(x []float32, i int) unsafe.Pointer { return unsafe.Pointer(&x[i]) }
