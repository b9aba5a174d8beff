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

	// Take, if set, is handed C in blocks, each once, complete and in cache, possibly
	// several at the same time; element [r,c] is part[(r-r0)·stride + c-c0], which
	// is overwritten afterwards. C is not written then and may be nil, and
	// neither Accumulate nor Before nor After is looked at.
	Take func(r0, r1, c0, c1 int, part []float32, stride int)
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
	sums  []float32 // a stripe's rows of C = Aᵀ·B
}

func newWorkspace(group int) *workspace {
	return &workspace{
		tile:  make([]float32, group*tiled*chunk),
		panel: make([]float32, chunk*columns),
		sums:  make([]float32, gathers*longest*columns),
	}
}

// Compile returns a function that computes the product. It allocates nothing, and
// cuts the work by the shape alone.
func (p Product) Compile(pool *parallel.Pool) func() {
	if p.Take != nil {
		p.Accumulate, p.Before, p.After = false, nil, nil
	}
	q := &product{Product: p, lists: lists{x: p.A, rows: p.M, columns: p.K, group: spreads, kernel: list3x512}}
	if p.TransA {
		q.rows, q.columns, q.group, q.kernel = p.K, p.M, gathers, list2x512
	}
	q.cut()
	q.allocate()
	q.idle = make(chan *workspace, pool.Workers())
	for range pool.Workers() {
		q.idle <- newWorkspace(q.group)
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
	q.stripes = (q.groups() + longest - 1) / longest
	q.panels = (q.vectors + widest - 1) / widest
	if least := (3 + q.chunks) / q.chunks; !q.TransA && q.panels < least {
		q.panels = max(min(least, q.vectors/4), q.panels)
	}
	if least := (3 + q.panels) / q.panels; q.TransA && q.stripes < least {
		q.stripes = max(min(least, q.groups()/16), q.stripes)
	}
	q.pitch = size * lanes * ((q.vectors + q.panels - 1) / q.panels)
}

func (q *product) listPart(part int) {
	w := <-q.idle
	q.list(part/q.stripes, part%q.stripes, w.tile)
	q.idle <- w
}

// block is one of C: rows [r0,r1) and columns [c0,c1), so many vectors, and the
// mask of the last.
type block struct {
	r0, r1, c0, c1, vectors int
	mask                    uint32
}

// at returns the block of some rows of a panel.
func (q *product) at(panel, r0, r1 int) block {
	v0, v1 := parallel.Split(q.vectors, q.panels, panel)
	c0, c1 := v0*lanes, min(v1*lanes, q.N)
	return block{r0, r1, c0, c1, v1 - v0, 1<<(c1-(v1-1)*lanes) - 1}
}
