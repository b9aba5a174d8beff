package gemm

import "ergon/internal/parallel"

// nearB is how many numbers of B stay in the first-level cache while the rows
// of A pass by.
const nearB = 1 << 13

// innerBlock computes inner products of rows of A with rows of the stored B,
// that is columns of B. The partial sums in lanes are added up at a row's end.
func (q *plan) innerBlock(w *workspace, r0, r1, c0, c1 int) {
	q.begin(r0, r1, c0, c1)
	tiles := ceil(r1-r0, len(q.dots))
	columns := c1 - c0
	if tiles > 1 {
		columns = max(1, nearB/q.k/4) * 4
	}
	w.target = target{q.c, q.cRow, 0, 0}
	w.mask = q.mask(q.k % q.lanes)
	for c := c0; c < c1; c += columns {
		for t := range tiles {
			lo, hi := parallel.Split(r1-r0, tiles, t)
			q.innerTile(w, r0+lo, hi-lo, c, min(c+columns, c1))
		}
	}
	q.end(r0, r1, c0, c1)
}

func (q *plan) innerTile(w *workspace, row, rows, c0, c1 int) {
	q.tile(w, row, rows, 0, q.k)
	w.bRow = size * q.b.column
	rest := (c1 - c0) % 4
	q.innerPanels(w, q.dots[rows-1], 4, c0, (c1-c0)/4)
	q.innerPanels(w, q.dot[rows-1], 1, c1-rest, rest)
}

// innerPanels runs a kernel on count panels of columns from c on.
func (q *plan) innerPanels(w *workspace, f kernel, columns, c, count int) {
	if count == 0 {
		return
	}
	w.toC(c)
	w.b, w.bPanel, w.panelCount = element(q.b.data, q.b.index(0, c)), columns*w.bRow, count
	w.run(f)
}
