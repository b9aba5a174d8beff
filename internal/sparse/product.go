package sparse

import "ergon/internal/parallel"

// Product is C = op(A)·B, A mostly zero, of fixed shape.
type Product struct {
	TransA     bool
	M, N, K    int       // op(A) [M,K], B [K,N], C [M,N]
	A, B, C    []float32 // row-major, densely packed
	Accumulate bool      // C += op(A)·B instead of C =

	// Prologue and Epilogue, if set, work on one block of C, rows [r0,r1) and columns
	// [c0,c1), while it is in cache.
	Prologue, Epilogue func(r0, r1, c0, c1 int)

	// Take, if set, is handed C in blocks, each once, complete and in cache, possibly
	// several at the same time; element [r,c] is part[(r-r0)·stride + c-c0], which
	// is overwritten afterwards. C is not written then and may be nil, and
	// neither Accumulate nor Prologue nor Epilogue is looked at.
	Take func(r0, r1, c0, c1 int, part []float32, stride int)
}

// product is a Product with its lists, and how it is cut.
type product struct {
	Product
	lists
	steps  int // of a row of B
	panels int // stretches of columns of B and C
	idle   chan *workspace
}

// workspace is what a worker needs.
type workspace struct {
	tile  []float32 // columns of A, transposed
	panel []float32 // chunk rows of C or B
	sums  []float32 // a stripe's rows of C, where they are gathered
}

// newWorkspace returns one for a product that is cut.
func (q *product) newWorkspace() *workspace {
	w := &workspace{panel: make([]float32, chunk*q.pitch/size)}
	if !q.across {
		w.tile = make([]float32, q.group*tiled*chunk)
	}
	if q.gather != nil {
		w.sums = make([]float32, q.group*q.stripe*q.pitch/size)
	}
	return w
}

// compile returns a function that computes the product, one way.
func (p Product) compile(w way, pool *parallel.Pool) func() {
	if p.Take != nil {
		p.Accumulate, p.Prologue, p.Epilogue = false, nil, nil
	}
	q := &product{Product: p, lists: lists{x: p.A, rows: p.M, columns: p.K, way: w}}
	if q.across = !p.TransA && w.gather != nil; p.TransA || q.across {
		q.rows, q.columns = p.K, p.M
	}
	q.cut()
	q.allocate()
	q.idle = make(chan *workspace, pool.Workers())
	for range pool.Workers() {
		q.idle <- q.newWorkspace()
	}
	list, multiply, parts := q.listPart, q.gatherPart, q.panels*q.stripes
	if q.spread != nil {
		multiply, parts = q.spreadPart, q.panels*q.chunks
	}
	return func() {
		pool.Run(q.chunks*q.stripes, list)
		pool.Run(parts, multiply)
	}
}

// listPart lists a stripe of a chunk.
func (q *product) listPart(part int) {
	w := <-q.idle
	q.listStripe(part/q.stripes, part%q.stripes, w.tile)
	q.idle <- w
}
