// Package gemm multiplies matrices of float32 with nothing installed: by
// AVX-512 or AVX2 kernels on amd64, in plain Go elsewhere. ERGON_SIMD limits the
// level, as in package simd.
//
// A product's result depends on its shape and on the level only: neither on the
// number of workers nor on which of them did what. The levels round
// differently, as they fuse multiplications with additions and add in other orders.
package gemm

import "sync"

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg gemm"

// call is a product on the caller's goroutine.
type call struct {
	plan
	workspace workspace
}

var calls = sync.Pool{New: func() any { return new(call) }}

// Gemm computes C = op(A)·op(B) + beta·C with op(A) [m,k], op(B) [k,n] and
// C [m,n], all row-major with the given row strides; op transposes when its
// flag is set. beta is 0 or 1; with 0, C need not be initialised. It runs on
// the caller's goroutine and may be called from several at once. It panics if
// a matrix does not fit its slice, or if beta is another number.
func Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	if beta != 0 && beta != 1 {
		panic("gemm: beta is neither 0 nor 1")
	}
	check(transA, transB, m, n, k, a, lda, b, ldb, c, ldc)
	one := calls.Get().(*call)
	one.plan = newPlan(active, problem{
		m: m, n: n, k: k, a: operand(transA, a, lda), b: operand(transB, b, ldb),
		c: c, cRow: ldc, accumulate: beta == 1,
	})
	one.workspace.fit(&one.plan)
	one.block(&one.workspace, 0, one.m, 0, one.n)
	one.plan = plan{} // keeps no matrix alive
	one.workspace.strip, one.workspace.target = strip{}, target{}
	calls.Put(one)
}

// check panics unless the slices hold the matrices: the kernels do not look.
func check(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int) {
	if !holds(transA, m, k, a, lda) || !holds(transB, k, n, b, ldb) || !holds(false, m, n, c, ldc) {
		panic("gemm: matrix larger than its slice")
	}
}

func holds(transposed bool, rows, columns int, x []float32, stride int) bool {
	if transposed {
		rows, columns = columns, rows
	}
	return rows >= 1 && columns >= 1 && stride >= columns && len(x) >= (rows-1)*stride+columns
}
