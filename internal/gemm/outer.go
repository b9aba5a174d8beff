package gemm

import "ergon/internal/parallel"

// Sizes of blocks, in numbers.
const (
	depth   = 256         // rows of a panel of B: it takes up to 32 KB of the first-level cache
	packedB = 100 * depth // panels of B that all tiles of A meet in turn
	packedA = 1 << 18     // tiles of A that stay in the second-level cache meanwhile
)

// outerBlock computes a block as sums of outer products of columns of A with
// rows of B. A tile of C stays in registers meanwhile.
func (q *plan) outerBlock(w *workspace, r0, r1, c0, c1 int) {
	parts := ceil(r1-r0, q.chunkRows())
	for part := range parts {
		lo, hi := parallel.Split(r1-r0, parts, part)
		lo, hi = r0+lo, r0+hi
		if q.copyA {
			q.copyTiles(w, lo, hi)
		}
		columns := q.groupColumns(hi - lo)
		for c := c0; c < c1; c += columns {
			end := min(c+columns, c1)
			w.target = target{q.c[lo*q.cRow+c:], q.cRow, lo, c}
			q.begin(lo, hi, c, end)
			q.group(w, lo, hi, c, end)
			q.end(lo, hi, c, end)
		}
	}
}

// chunkRows is the number of rows whose A stays in the second-level cache.
func (q *plan) chunkRows() int {
	tiles := packedA / (q.k * q.height())
	return max(4, tiles) * q.height()
}

// groupColumns is the number of columns that are packed at a time.
func (q *plan) groupColumns(rows int) int {
	if q.isDirect(rows) {
		return q.n
	}
	deep := ceil(q.k, ceil(q.k, depth))
	return max(1, packedB/deep/q.width()) * q.width()
}

// group computes rows [r0,r1) and columns [c0,c1), which packed panels have room for.
func (q *plan) group(w *workspace, r0, r1, c0, c1 int) {
	if q.isDirect(r1 - r0) {
		q.directTile(w, r0, r1, c0, c1)
		return
	}
	depths, tiles := ceil(q.k, depth), ceil(r1-r0, q.height())
	for d := range depths {
		l0, l1 := parallel.Split(q.k, depths, d)
		if q.b.column != 1 {
			q.turnPanels(w, c0, c1, l0, l1)
		}
		for t := range tiles {
			lo, hi := parallel.Split(r1-r0, tiles, t)
			q.tile(w, r0+lo, hi-lo, l0, l1)
			if q.b.column == 1 && t == 0 {
				q.packingPanels(w, hi-lo, c0, c1, l0)
			} else {
				q.prefetch(w, t, c0, c1, l1)
				q.packedPanels(w, hi-lo, c0, c1)
			}
			q.lastPanel(w, hi-lo, c0, c1, l0)
		}
	}
}
