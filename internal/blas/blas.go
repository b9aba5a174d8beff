// Package blas is the seam between Ergon and a library of matrix products.
//
// Three libraries stand behind it: Ergon's own kernels (package gemm), OpenBLAS,
// when the machine has it (found at run time, nothing is linked), and gonum, which
// is pure Go.
package blas

import (
	"fmt"
	"sync"

	"ergon/internal/gemm"
)

// Library multiplies float32 matrices on the calling goroutine. Its methods
// may be called from many goroutines at once and do not allocate.
type Library interface {
	// Name says which library this is, with its version where it tells.
	Name() string
	// Gemm computes C = op(A)·op(B) + beta·C with op(A) [m,k], op(B) [k,n] and
	// C [m,n], all row-major with the given row strides; op transposes when
	// its flag is set. beta is 0 or 1; with 0, C need not be initialised.
	Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int)
}

// compiler is a Library that cuts and packs products of fixed shape itself.
type compiler interface {
	// compile returns what [Product.Compile] does.
	compile(p Product) func()
}

// Names are the values Open accepts.
var Names = []string{"auto", "none", "openblas", "gonum"}

var openOpenBLAS = sync.OnceValues(loadOpenBLAS)

// Open returns a library by name. "none" is no library, Ergon's own kernels;
// "auto" is those where they have vector instructions to use, else OpenBLAS where
// it is found, else gonum; "openblas" on a machine without it is an error that says
// what to install.
func Open(name string) (Library, error) {
	switch name {
	case "gonum":
		return gonumLibrary{}, nil
	case "openblas":
		return openOpenBLAS()
	case "none":
		return own{}, nil
	case "auto", "":
		if gemm.Vectorised() {
			return own{}, nil
		}
		if library, err := openOpenBLAS(); err == nil {
			return library, nil
		}
		return gonumLibrary{}, nil
	}
	return nil, fmt.Errorf("blas: unknown library %q (one of %v)", name, Names)
}

// check panics unless the slices hold the matrices that Gemm's arguments
// describe: foreign code would read and write past their ends.
func check(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) {
	if !holds(transA, m, k, a, lda) || !holds(transB, k, n, b, ldb) || !holds(false, m, n, c, ldc) {
		panic("blas: matrix larger than its slice")
	}
}

func holds(transposed bool, rows, columns int, x []float32, stride int) bool {
	if transposed {
		rows, columns = columns, rows
	}
	return rows >= 1 && columns >= 1 && stride >= columns && len(x) >= (rows-1)*stride+columns
}
