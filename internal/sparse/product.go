package sparse

import (
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

// product is a Product with its lists, and how it is cut.
type product struct {
	Product
	lists
	vectors int // of a row of B
	panels  int
	idle    chan *workspace
}

// workspace is what a worker needs.
type workspace struct {
	tile  []float32 // columns of A, transposed
	panel []float32 // chunk rows of C or B
	sums  []float32 // rows of C
}

// Compile returns a function that computes the product. It allocates nothing, and
// cuts the work by the shape alone.
func (p Product) Compile(pool *parallel.Pool) func() {
	q := &product{Product: p, lists: lists{x: p.A, rows: p.M, columns: p.K}}
	if p.TransA {
		q.rows, q.columns = p.K, p.M
	}
	q.cut()
	q.allocate()
	q.idle = make(chan *workspace, pool.Workers())
	for range pool.Workers() {
		w := &workspace{tile: make([]float32, 2*tiled*chunk), panel: make([]float32, chunk*columns)}
		if p.TransA && q.chunks > 1 {
			w.sums = make([]float32, 2*q.pairs*columns)
		}
		q.idle <- w
	}
	list, multiply, parts := q.listPart, q.spread, q.panels*q.chunks
	if p.TransA {
		multiply, parts = q.gather, q.panels*q.stripes
	}
	return func() {
		pool.Run(q.chunks*q.stripes, list)
		pool.Run(parts, multiply)
	}
}

// cut says into how many stripes and panels the work is cut.
func (q *product) cut() {
	q.chunks = (q.rows + chunk - 1) / chunk
	q.vectors = (q.N + lanes - 1) / lanes
	pairs := (q.columns + 1) / 2
	q.stripes = (pairs + 99) / 100
	q.panels = (q.vectors + widest - 1) / widest
	if least := (3 + q.chunks) / q.chunks; !q.TransA && q.panels < least {
		q.panels = max(min(least, q.vectors/4), q.panels)
	}
	if least := (3 + q.panels) / q.panels; q.TransA && q.stripes < least {
		q.stripes = max(min(least, pairs/16), q.stripes)
	}
	q.pitch = 4 * lanes * ((q.vectors + q.panels - 1) / q.panels)
}

func (q *product) listPart(part int) {
	w := <-q.idle
	q.list(part/q.stripes, part%q.stripes, w.tile)
	q.idle <- w
}

// panel returns the columns of C of a panel, how many vectors they are, and the
// mask of the last.
func (q *product) bounds(panel int) (c0, c1, vectors int, mask uint32) {
	v0, v1 := parallel.Split(q.vectors, q.panels, panel)
	c0, c1 = v0*lanes, min(v1*lanes, q.N)
	return c0, c1, v1 - v0, 1<<(c1-(v1-1)*lanes) - 1
}
