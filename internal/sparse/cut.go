package sparse

import "ergon/internal/parallel"

// enough is into how many parts a product is cut, if it is not too small, so that several workers share it.
const enough = 4

// cut says into how many stripes and panels the work is cut: C in chunks of rows
// and panels where rows of B are spread, in stripes and panels where they are gathered.
func (q *product) cut() {
	q.steps = ceil(q.N, step)
	q.panels = ceil(q.steps*step, q.widest())
	if q.spread != nil {
		q.panels = max(q.panels, min(ceil(enough, q.chunks), q.steps/4))
		q.stretches = 1
		if q.relayPays() {
			q.stretches = 2
		}
	} else {
		q.stripes = ceil(q.M, q.longest)
		if q.across && q.panels > 2 && q.panels*q.stripes < 4*enough { // few parts: as many for each worker
			q.panels = enough * ceil(q.panels, enough)
		} else {
			q.stripes = max(q.stripes, min(ceil(enough, q.panels), q.M/32))
		}
	}
	q.width = size * min(step*ceil(q.steps, q.panels), q.lanes*ceil(q.N, q.lanes))
}

// Where workers take turns at blocks of C: as measured with AVX-512.
const (
	relayedRows  = chunk // of C, at most: with more, the second worker waits longer than weights take to change caches
	relayedSteps = 8     // of columns, at most: more are panels in the gradient of B, too
	relayedDepth = 512   // rows of B, at least
)

// relayPays says whether two workers share out the rows of B rather than the columns. One block of C would be no work
// for two.
func (q *product) relayPays() bool {
	return q.Take == nil && q.M <= relayedRows && q.steps <= relayedSteps && q.K >= relayedDepth && q.panels*q.chunks > 1
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
	s0, s1 := parallel.Split(q.steps, q.panels, panel)
	c0, c1 := s0*step, min(s1*step, q.N)
	vectors := ceil(c1-c0, q.lanes)
	return block{r0, r1, c0, c1, vectors, 1<<(c1-c0-(vectors-1)*q.lanes) - 1}
}

// first returns what the sums of a block of C begin with, and how many bytes there are from row to row; nil: with 0.
func (q *product) first(b block) (from *float32, stride int) {
	switch {
	case q.Accumulate:
		return &q.C[b.r0*q.N+b.c0], size * q.N
	case q.Bias != nil:
		return &q.Bias[b.c0], 0
	}
	return nil, 0
}
