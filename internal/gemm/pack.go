package gemm

import "ergon/internal/parallel"

// copyTiles copies rows [r0,r1) of A, which is stored by columns, tile by tile.
func (q *plan) copyTiles(w *workspace, r0, r1 int) {
	w.aRows = r0
	tiles := ceil(r1-r0, q.height())
	for t := range tiles {
		lo, hi := parallel.Split(r1-r0, tiles, t)
		w.mask = q.mask(hi - lo)
		q.columns(w.tiles[lo*q.k:], hi-lo, q.a.data[r0+lo:], q.a.column, q.k, &w.mask)
	}
}

// turnPanels packs rows [l0,l1) and columns [c0,c1) of B, which is stored by
// columns, panel by panel.
func (q *plan) turnPanels(w *workspace, c0, c1, l0, l1 int) {
	for c := c0; c < c1; c += q.width() {
		q.transpose(w.panels[(c-c0)*(l1-l0):], q.width(), q.b.data[q.b.index(l0, c):], q.b.column, min(q.width(), c1-c), l1-l0)
	}
}
