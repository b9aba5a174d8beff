package gemm

// tile points the strip at rows of A, columns [l0,l1), and at the rows' C.
func (q *plan) tile(w *workspace, row, rows, l0, l1 int) {
	w.k = l1 - l0
	w.accumulate = 0
	if q.accumulate || l0 > 0 {
		w.accumulate = 1
	}
	if q.copyA {
		w.a = element(w.tiles, (row-w.aRows)*q.k+l0*rows)
		w.aRow, w.aColumn = size, size*rows
	} else {
		w.a = element(q.a.data, q.a.index(row, l0))
		w.aRow, w.aColumn = size*q.a.row, size*q.a.column
	}
	w.cRow = size * w.target.stride
	w.row = row
}

// toC points the strip at a column of C.
func (w *workspace) toC(column int) {
	w.c = element(w.target.c, (w.row-w.target.row)*w.target.stride+column-w.target.column)
}

// packingPanels computes the whole panels, from B, and packs it on the way.
func (q *plan) packingPanels(w *workspace, rows, c0, c1, l0 int) {
	w.bRow = size * q.b.row
	for c := c0; c+q.width() <= c1; c += q.width() {
		w.toC(c)
		w.b = element(q.b.data, q.b.index(l0, c))
		w.packed = element(w.panels, (c-c0)*w.k)
		w.run(q.packing[rows-1])
	}
}

// packedPanels computes the whole panels, from packed ones.
func (q *plan) packedPanels(w *workspace, rows, c0, c1 int) {
	w.panelCount = (c1 - c0) / q.width()
	if w.panelCount == 0 {
		return
	}
	w.toC(c0)
	w.b, w.bRow, w.bPanel = element(w.panels, 0), size*q.width(), size*q.width()*w.k
	w.run(q.panels[rows-1])
}

// prefetch points the strip at rows of B that are packed next: as many as
// tile t of the block has time for.
func (q *plan) prefetch(w *workspace, t, c0, c1, l1 int) {
	w.next, w.nextRow = element(w.panels, 0), 0
	panels := (c1 - c0) / q.width()
	if q.b.column != 1 || panels == 0 {
		return
	}
	if l1 == q.k { // on to the next columns
		c0, l1 = c1, 0
	}
	row := l1 + (t-1)/panels*panels*w.k/4
	c := c0 + (t-1)%panels*q.width()
	if row < min(l1+w.k, q.k) && c < q.n {
		w.next, w.nextRow = element(q.b.data, q.b.index(row, c)), size*q.b.row
	}
}

// lastPanel computes the columns that fill no panel.
func (q *plan) lastPanel(w *workspace, rows, c0, c1, l0 int) {
	columns := (c1 - c0) % q.width()
	if columns == 0 {
		return
	}
	c := c1 - columns
	w.toC(c)
	if q.b.column == 1 {
		w.b, w.bRow = element(q.b.data, q.b.index(l0, c)), size*q.b.row
	} else {
		w.b, w.bRow = element(w.panels, (c-c0)*w.k), size*q.width()
	}
	q.masked(w, rows, columns)
}

// masked runs the kernel for fewer columns than a panel has.
func (q *plan) masked(w *workspace, rows, columns int) {
	w.panelCount = 1
	if columns <= q.lanes {
		w.mask = q.mask(columns)
		w.run(q.masked1[rows-1])
	} else {
		w.mask = q.mask(columns - q.lanes)
		w.run(q.masked2[rows-1])
	}
}
