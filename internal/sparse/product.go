package sparse

import (
	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// Product is C = op(A)·B, A mostly zero, of fixed shape.
type Product struct {
	TransA     bool
	M, N, K    int       // op(A) [M,K], B [K,N], C [M,N]
	A, B, C    []float32 // row-major, densely packed
	Accumulate bool      // C += op(A)·B instead of C =

	// Before and After, if set, work on one block of C, rows [r0,r1) and columns
	// [c0,c1), while it is in cache.
	Before, After func(r0, r1, c0, c1 int)
}

// product is a Product with its lists. The entries of row r in block k of columns
// have the places number (k·M+r)·slot and on.
type product struct {
	Product
	blocks    int
	tiles     []float32 // of each part of the rows, if A is to be transposed, a block of columns
	tile      int       // numbers of one
	counts    []uint32  // of row r in block k at k·M+r
	places    []uint32
	values    []float32
	listParts int
	rowParts  int // into which the rows of a panel are cut
	panels    int
	idle      chan []float32 // packed blocks of B
}

// Compile returns a function that computes the product. It allocates nothing, and
// cuts the work by the shape alone.
func (p Product) Compile(pool *parallel.Pool) func() {
	q := &product{Product: p, blocks: (p.K + block - 1) / block, panels: (p.N + columns - 1) / columns}
	q.counts = make([]uint32, q.blocks*p.M)
	q.places = make([]uint32, q.blocks*p.M*slot)
	q.values = make([]float32, q.blocks*p.M*slot)
	q.listParts = min(max(p.M*p.K>>14, 1), 16, p.M)
	if p.TransA {
		q.tile = (p.M/q.listParts + 1) * block
		q.tiles = make([]float32, q.listParts*q.tile)
	}
	// Each part of the rows packs B again.
	least := 128
	if q.panels == 1 {
		least = 32
	}
	q.rowParts = min(max(p.M/least, 1), max(8/q.panels, 1))
	q.idle = make(chan []float32, pool.Workers())
	for range pool.Workers() {
		q.idle <- make([]float32, block*columns)
	}
	list, multiply := q.list, q.multiply
	return func() {
		pool.Run(q.listParts, list)
		pool.Run(q.panels*q.rowParts, multiply)
	}
}

// list lists the entries of some rows of op(A), a block of columns after the other.
func (q *product) list(part int) {
	r0, r1 := parallel.Split(q.M, q.listParts, part)
	for k := range q.blocks {
		first := k * block
		n := min(block, q.K-first)
		from, stride := q.A[first:], q.K
		if q.TransA {
			tile := q.tiles[part*q.tile:]
			gemm.Transpose(tile, n, q.A[first*q.M+r0:], q.M, n, r1-r0)
			from, stride = tile, n
		} else {
			from = from[r0*q.K:]
		}
		for r := range r1 - r0 {
			at := k*q.M + r0 + r
			q.counts[at] = uint32(compress(from[r*stride:r*stride+n], q.places[at*slot:], q.values[at*slot:]))
		}
	}
}

// compress writes the entries of a stretch of a row that are not zero to values,
// and to places where in a panel, in bytes, the rows that they belong to begin.
func compress(x []float32, places []uint32, values []float32) int {
	whole := len(x) &^ (lanes - 1)
	return compress512(&x[0], whole, 1<<(len(x)-whole)-1, &places[0], &values[0])
}

// multiply computes some rows of a panel of C, a block of B after the other.
func (q *product) multiply(part int) {
	c0 := part / q.rowParts * columns
	c1 := min(c0+columns, q.N)
	r0, r1 := parallel.Split(q.M, q.rowParts, part%q.rowParts)
	packed := <-q.idle
	defer func() { q.idle <- packed }() // even if Before or After panics
	if q.Before != nil {
		q.Before(r0, r1, c0, c1)
	}
	vectors := (c1 - c0 + lanes - 1) / lanes
	mask := uint32(1)<<(c1-c0-(vectors-1)*lanes) - 1
	for k := range q.blocks {
		for row := k * block; row < min((k+1)*block, q.K); row++ {
			copy(packed[(row-k*block)*columns:], q.B[row*q.N+c0:row*q.N+c1])
		}
		at := k*q.M + r0
		kernels[vectors-1](&q.C[r0*q.N+c0], 4*q.N, &packed[0], &q.counts[at], &q.places[at*slot], &q.values[at*slot],
			r1-r0, mask, k > 0 || q.Accumulate)
	}
	if q.After != nil {
		q.After(r0, r1, c0, c1)
	}
}
