package sparse

import "ergon/internal/parallel"

// enough is into how many parts a product is cut, if it is not too small, so that several workers share it.
const enough = 4

// cut says into how many stripes and panels the work is cut: C = A·B into chunks
// and panels, C = Aᵀ·B into stripes and panels.
func (q *product) cut() {
	q.chunks = ceil(q.rows, chunk)
	q.vectors = ceil(q.N, lanes)
	q.stripes = ceil(q.groups(), longest)
	q.panels = ceil(q.vectors, widest)
	if q.TransA {
		q.stripes = max(q.stripes, min(ceil(enough, q.panels), q.groups()/16))
	} else {
		q.panels = max(q.panels, min(ceil(enough, q.chunks), q.vectors/4))
	}
	q.pitch = size * lanes * ceil(q.vectors, q.panels)
}

// ceil returns how many times n must be taken to reach x.
func ceil(x, n int) int { return (x + n - 1) / n }

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
