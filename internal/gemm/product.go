package gemm

import "ergon/internal/parallel"

// Product is one matrix product of fixed shape, C = op(A)·op(B), for the
// workers of a pool.
type Product struct {
	TransA, TransB bool
	M, N, K        int       // op(A) [M,K], op(B) [K,N], C [M,N]
	A, B, C        []float32 // row-major
	Lda, Ldb, Ldc  int       // row strides; 0: the rows follow each other
	Accumulate     bool      // C += op(A)·op(B) instead of C =

	// Prologue and Epilogue, if set, work on one block of C, rows [r0,r1) and
	// columns [c0,c1), while it is in cache: a bias, an activation. The blocks
	// cover C; several may be at work at the same time.
	Prologue, Epilogue func(r0, r1, c0, c1 int)
}

// Compile returns a function that computes the product. What it needs is
// allocated here, for as many workers as the pool has; running it allocates
// nothing. The work is cut by the shape alone, so the result does not depend
// on the number of workers. Compile panics if a matrix does not fit its slice.
func (p Product) Compile(pool *parallel.Pool) func() {
	p.pack()
	check(p.TransA, p.TransB, p.M, p.N, p.K, p.A, p.Lda, p.B, p.Ldb, p.C, p.Ldc)
	q := newPlan(active, problem{
		m: p.M, n: p.N, k: p.K, a: operand(p.TransA, p.A, p.Lda), b: operand(p.TransB, p.B, p.Ldb),
		c: p.C, cRow: p.Ldc, accumulate: p.Accumulate, before: p.Prologue, after: p.Epilogue,
	})
	blocks := q.grid()
	idle := make(chan *workspace, pool.Workers())
	for range min(pool.Workers(), blocks.count()) {
		w := new(workspace)
		w.fit(&q)
		idle <- w
	}
	body := func(part int) {
		w := <-idle
		defer func() { idle <- w }() // even if Prologue or Epilogue panics
		r0, r1, c0, c1 := blocks.block(part)
		q.block(w, r0, r1, c0, c1)
	}
	return func() { pool.Run(blocks.count(), body) }
}

// pack fills in the strides of matrices whose rows follow each other.
func (p *Product) pack() {
	fill := func(stride *int, transposed bool, rows, columns int) {
		if *stride == 0 && transposed {
			*stride = rows
		} else if *stride == 0 {
			*stride = columns
		}
	}
	fill(&p.Lda, p.TransA, p.M, p.K)
	fill(&p.Ldb, p.TransB, p.K, p.N)
	fill(&p.Ldc, false, p.M, p.N)
}
