package sparse

import "ergon/internal/parallel"

// Product is C = op(A)·B, A mostly zero, of fixed shape.
type Product struct {
	TransA     bool
	M, N, K    int       // op(A) [M,K], B [K,N], C [M,N]
	A, B, C    []float32 // row-major, densely packed
	Accumulate bool      // C += op(A)·B instead of C =
	Bias       []float32 // [N] added to each row of C = op(A)·B, before the products; nil: none

	// Prologue and Epilogue, if set, work on one block of C, rows [r0,r1) and columns
	// [c0,c1), while it is in cache.
	Prologue, Epilogue func(r0, r1, c0, c1 int)

	// Take, if set, is handed C in blocks, each once, complete and in cache, possibly
	// several at the same time; element [r,c] is part[(r-r0)·stride + c-c0], which
	// is overwritten afterwards. C is not written then and may be nil, and
	// neither Accumulate nor Bias nor Prologue nor Epilogue is looked at.
	Take func(r0, r1, c0, c1 int, part []float32, stride int)
}

// product is a Product with its marks, and how it is cut.
type product struct {
	Product
	way
	marks
	steps     int   // of a row of B
	panels    int   // stretches of columns of B and C
	stripes   int   // of rows of C, where they are gathered
	stretches int   // of rows of B, where they are spread
	relay     relay // of blocks of C, where there are several stretches
	width     int   // bytes of a row of a panel
	idle      chan *workspace
}

// workspace is what a worker needs.
type workspace struct {
	bits  []uint8   // of columns of A, before they are words
	panel []float32 // chunk rows of C or B
	sums  []float32 // a stripe's rows of C, where they are gathered
}

// newWorkspace returns one for a product that is cut.
func (q *product) newWorkspace() *workspace {
	w := &workspace{bits: make([]uint8, chunk*ceil(q.columns, lanes)), panel: make([]float32, chunk*q.width/size)}
	if q.gather != nil {
		w.sums = make([]float32, ceil(q.M, q.stripes)*q.width/size)
	}
	return w
}

// compile returns a function that computes the product, one way.
func (p Product) compile(w way, pool *parallel.Pool) func() {
	if p.Take != nil {
		p.Accumulate, p.Bias, p.Prologue, p.Epilogue = false, nil, nil, nil
	}
	rows, columns := p.M, p.K
	if p.TransA {
		rows, columns = p.K, p.M
	}
	q := &product{Product: p, way: w, marks: newMarks(p.A, rows, columns, !p.TransA && w.gather != nil)}
	q.cut()
	q.idle = make(chan *workspace, pool.Workers())
	for range pool.Workers() {
		q.idle <- q.newWorkspace()
	}
	multiply, parts := q.gatherPart, q.panels*q.stripes
	if q.spread != nil {
		multiply, parts = q.spreadPart, q.panels*q.chunks
	}
	if q.stretches > 1 {
		q.relay = make(relay, parts)
		multiply, parts = q.relayPart, q.stretches
	}
	mark := q.markPart
	return func() {
		q.relay.start()
		pool.Run(q.parts, mark)
		pool.Run(parts, multiply)
	}
}

// markPart marks what is not zero in a part of A.
func (q *product) markPart(part int) {
	w := <-q.idle
	q.mark(part, w.bits)
	q.idle <- w
}
