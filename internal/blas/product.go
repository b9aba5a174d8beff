package blas

import (
	"math/bits"

	"ergon/internal/parallel"
)

// Product is one matrix product of fixed shape, cut into blocks that the
// workers of a pool compute side by side. The cut depends on the shape alone,
// so the result does not depend on the number of workers.
type Product struct {
	Library        Library
	Pool           *parallel.Pool
	TransA, TransB bool
	M, N, K        int       // op(A) [M,K], op(B) [K,N], C [M,N]
	A, B, C        []float32 // row-major, densely packed
	Accumulate     bool      // C += op(A)·op(B) instead of C =
	Bias           []float32 // [N] added to each row of C = op(A)·op(B), before the products; nil: none

	// Binary says that op(A) often holds zeros and ones only, such as samples of binary units. Own
	// kernels for B transposed then look in each run whether it does, and if so add up tables of B. What
	// is not finite in B shows only where op(A) is 1: 0·NaN is left out, as where zeros are left out.
	Binary bool

	// Prologue and Epilogue, if set, work on one block of C, rows [r0,r1) and
	// columns [c0,c1), while it is in cache: a bias, an activation.
	Prologue, Epilogue func(r0, r1, c0, c1 int)

	// Take, if set, is handed C in blocks, each once, complete and in cache, possibly
	// several at the same time; element [r,c] is part[(r-r0)·stride + c-c0], which
	// is overwritten afterwards. What C holds is undefined then, C may be nil, and neither
	// Accumulate nor Bias nor Prologue nor Epilogue is looked at.
	Take func(r0, r1, c0, c1 int, part []float32, stride int)
}

// whole makes Take, if it is set, a function that works on blocks of C.
func (p *Product) whole() {
	if p.Take == nil {
		return
	}
	c, n, take := p.C, p.N, p.Take
	p.Bias = nil
	if c == nil {
		c = make([]float32, p.M*p.N)
	}
	p.C, p.Accumulate, p.Prologue, p.Take = c, false, nil, nil
	p.Epilogue = func(r0, r1, c0, c1 int) { take(r0, r1, c0, c1, c[r0*n+c0:], n) }
}

// biased makes Bias, if it is set, what C holds before the products are added.
func (p *Product) biased() {
	if p.Bias == nil {
		return
	}
	c, n, bias, prologue := p.C, p.N, p.Bias, p.Prologue
	p.Accumulate, p.Bias = true, nil
	p.Prologue = func(r0, r1, c0, c1 int) {
		if prologue != nil {
			prologue(r0, r1, c0, c1)
		}
		for r := r0; r < r1; r++ {
			copy(c[r*n+c0:r*n+c1], bias[c0:c1])
		}
	}
}

// Compile returns a function that computes the product. It allocates nothing.
func (p Product) Compile() func() {
	if own, ok := p.Library.(compiler); ok {
		return own.compile(p)
	}
	p.whole()
	p.biased()
	parts, byRow := cut(p.M, p.N, p.K)
	lda, ldb := p.K, p.N
	if p.TransA {
		lda = p.M
	}
	if p.TransB {
		ldb = p.K
	}
	beta := float32(0)
	if p.Accumulate {
		beta = 1
	}
	block := func(part int) {
		r0, r1, c0, c1 := 0, p.M, 0, p.N
		if byRow {
			r0, r1 = parallel.Split(p.M, parts, part)
		} else {
			c0, c1 = parallel.Split(p.N, parts, part)
		}
		a, b := p.A[offset(p.TransA, r0, lda):], p.B[offset(!p.TransB, c0, ldb):]
		if p.Prologue != nil {
			p.Prologue(r0, r1, c0, c1)
		}
		p.Library.Gemm(p.TransA, p.TransB, r1-r0, c1-c0, p.K, a, lda, b, ldb, beta, p.C[r0*p.N+c0:], p.N)
		if p.Epilogue != nil {
			p.Epilogue(r0, r1, c0, c1)
		}
	}
	return func() { p.Pool.Run(parts, block) }
}

// cut says into how many blocks a product is split and along which side. A
// block must be worth a goroutine's wake-up (about a million operations), and
// every block packs the operand that all share, so the longer side is cut and
// the number of blocks grows slower than the work.
func cut(m, n, k int) (parts int, byRow bool) {
	byRow = m >= n
	million := 2 * m * n * k / 1_000_000
	parts = 1 << (bits.Len(uint(million/2)) * 2 / 5) // ~ work^0.4
	if million < 2 {
		parts = 1
	}
	return min(parts, 16, max(m, n)), byRow
}
