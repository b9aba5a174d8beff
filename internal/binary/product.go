package binary

import (
	"ergon/internal/parallel"
)

// Product is C = A·Bᵀ of fixed shape, A of zeros and ones.
type Product struct {
	M, N, K    int       // A [M,K], B [N,K], C [M,N]
	A, B, C    []float32 // row-major, densely packed
	Accumulate bool      // C += A·Bᵀ instead of C =

	// Prologue and Epilogue, if set, work on one block of C, rows [r0,r1) and columns
	// [c0,c1), while it is in cache.
	Prologue, Epilogue func(r0, r1, c0, c1 int)
}

// Smaller products are left to the dense one, which is then as fast: by measurement, as
// a table serves few rows, or the vectors of a tile are empty.
const fewestRows, fewestUnits, fewestColumns = 24, 16, 64

// Compile returns a function that computes the product and returns true; or leaves C as it is
// and returns false, if A holds anything but zeros and ones or the product is small. It allocates nothing, and
// cuts the work by the shape alone.
func (p Product) Compile(pool *parallel.Pool) func() bool {
	if p.M < fewestRows || p.N < fewestColumns || p.K < fewestUnits {
		return func() bool { return false }
	}
	return p.compile(active, pool)
}

// product is a Product with its bits, and how it is cut.
type product struct {
	Product
	*kernels
	*packed
	tiles, chunks int // of columns and rows of C
	idle          chan *workspace
}

func (p Product) compile(with *kernels, pool *parallel.Pool) func() bool {
	q := &product{
		Product: p, kernels: with, packed: newPacked(p.A, p.M, p.K),
		tiles: ceil(p.N, width), chunks: ceil(p.M, chunk), idle: make(chan *workspace, pool.Workers()),
	}
	for range pool.Workers() {
		q.idle <- newWorkspace(ceil(p.M, q.chunks))
	}
	pack, multiply := func(part int) { q.packPart(part, q.pack) }, q.multiplyPart
	return func() bool {
		q.other.Store(false)
		pool.Run(q.parts, pack)
		if q.other.Load() {
			return false
		}
		pool.Run(q.tiles*q.chunks, multiply)
		return true
	}
}

// multiplyPart computes a tile of C. Tables of a block of units are made, and
// all rows look their sums up, before the next block.
func (q *product) multiplyPart(part int) {
	t := q.tile(part)
	w := <-q.idle
	defer func() { q.idle <- w }() // even if a function that was handed in panics
	if q.Prologue != nil {
		q.Prologue(t.r0, t.r1, t.c0, t.c1)
	}
	if q.Accumulate && !t.whole() {
		copyRows(w.sums, width, q.C[t.r0*q.N+t.c0:], q.N, t)
	}
	for k0 := 0; k0 < q.K; k0 += block {
		k1 := min(k0+block, q.K)
		q.tabulateBlock(w, t, k0, k1)
		q.addBlock(w, t, k0, k1)
	}
	if !t.whole() {
		copyRows(q.C[t.r0*q.N+t.c0:], q.N, w.sums, width, t)
	}
	if q.Epilogue != nil {
		q.Epilogue(t.r0, t.r1, t.c0, t.c1)
	}
}
