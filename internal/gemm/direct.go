package gemm

// isDirect says whether B is read where it lies: each number once.
func (q *plan) isDirect(rows int) bool {
	return q.b.column == 1 && rows <= len(q.direct)
}

// directTile computes a single tile. All of its rows of A fit the first-level cache.
func (q *plan) directTile(w *workspace, r0, r1, c0, c1 int) {
	rows := r1 - r0
	w.bRow = size * q.b.row
	for l0 := 0; l0 < q.k; l0 += directDepth {
		q.tile(w, r0, rows, l0, min(l0+directDepth, q.k))
		c := q.directPanels(w, q.direct[rows-1].kernel, q.direct[rows-1].vectors*q.lanes, c0, c1, l0)
		for ; c < c1; c += q.width() {
			w.toC(c)
			w.b = element(q.b.data, q.b.index(l0, c))
			q.masked(w, rows, min(q.width(), c1-c))
		}
	}
}

const directDepth = 1 << 10

// directPanels computes panels of the given width from column c on, and returns
// the column where it stopped.
func (q *plan) directPanels(w *workspace, f kernel, width, c, c1, l0 int) int {
	count := (c1 - c) / width
	if count == 0 {
		return c
	}
	w.panelCount = count
	w.toC(c)
	w.b, w.bPanel = element(q.b.data, q.b.index(l0, c)), size*width
	w.run(f)
	return c + count*width
}
