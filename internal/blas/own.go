package blas

import (
	"ergon/internal/binary"
	"ergon/internal/gemm"
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
// pixels, what is zero is left out, and where it is binary, sums of B are tabulated: whether it is, is
// decided in each run, by A alone.
func (own) compile(p Product) func() {
	sparsely := sparse.Product{
		TransA: p.TransA, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C,
		Accumulate: p.Accumulate, Bias: p.Bias, Prologue: p.Prologue, Epilogue: p.Epilogue, Take: p.Take,
	}
	p.whole()
	p.biased()
	dense := gemm.Product{
		TransA: p.TransA, TransB: p.TransB, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C,
		Accumulate: p.Accumulate, Prologue: p.Prologue, Epilogue: p.Epilogue,
	}.Compile(p.Pool)
	if p.Binary && p.TransB && !p.TransA {
		return either(binary.Product{
			M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C,
			Accumulate: p.Accumulate, Prologue: p.Prologue, Epilogue: p.Epilogue,
		}.Compile(p.Pool), dense)
	}
	rows := p.M
	if p.TransA {
		rows = p.K
	}
	if p.TransB || rows < few || p.N < narrow || !sparse.Supported() {
		return dense
	}
	return either(sparsely.Compile(p.Pool), dense)
}

// either returns a function that calls dense if the fast product reports that it does not apply.
func either(fast func() bool, dense func()) func() {
	return func() {
		if !fast() {
			dense()
		}
	}
}

const (
	few    = 8  // fewest rows of A as it is stored, presentations as a rule, and
	narrow = 48 // fewest columns of B that are worth leaving out zeros
)
