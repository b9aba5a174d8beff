package blas

import (
	"ergon/internal/gemm"
	"ergon/internal/simd"
	"ergon/internal/sparse"
)

// own is no library at all: the kernels of package gemm.
type own struct{}

var (
	_ Library  = own{}
	_ compiler = own{}
)

// Name implements Library.
func (own) Name() string { return "none (own kernels, " + gemm.Level() + ")" }

// Gemm implements Library.
func (own) Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	gemm.Gemm(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc)
}

// compile implements compiler. Where A is mostly zero, as are images with dark
// pixels, what is zero is left out: which of the two ways it goes is decided in
// each run, by A alone.
func (own) compile(p Product) func() {
	dense := gemm.Product{
		TransA: p.TransA, TransB: p.TransB, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C,
		Accumulate: p.Accumulate, Before: p.Before, After: p.After,
	}.Compile(p.Pool)
	if p.TransB || p.N < narrow || p.M*p.K > longest || !sparse.Supported() {
		return dense
	}
	a := p.A[:p.M*p.K]
	listed := sparse.Product{
		TransA: p.TransA, M: p.M, N: p.N, K: p.K, A: a, B: p.B, C: p.C,
		Accumulate: p.Accumulate, Before: p.Before, After: p.After,
	}.Compile(p.Pool)
	return func() {
		if float64(simd.Nonzero(a)) < mostly*float64(len(a)) {
			listed()
		} else {
			dense()
		}
	}
}

// Leaving out zeros pays where what is listed of A is used often enough, and most
// of it is zero: measured, it takes half the time of the dense product at a share
// of 0.19 that is not, and 0.8 to 1 of it at one half.
const (
	narrow  = 128     // fewest columns of B
	mostly  = 0.35    // largest share that is not zero
	longest = 1 << 22 // largest A, whose lists take ten bytes an entry
)
