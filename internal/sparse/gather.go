package sparse

import "ergon/internal/parallel"

// gatherPart computes the rows of a stripe and panel of C. Chunks of rows of B lie in
// cache, and for a row of C those are added up whose numbers of A, in a column of A where it is transposed and
// in a row where it is not, are not zero.
func (q *product) gatherPart(part int) {
	panel, stripe := part/q.stripes, part%q.stripes
	lo, hi := parallel.Split(q.M, q.stripes, stripe)
	b := q.at(panel, lo, hi)
	w := <-q.idle
	defer func() { q.idle <- w }() // even if a function that was handed in panics
	if q.Prologue != nil {
		q.Prologue(b.r0, b.r1, b.c0, b.c1)
	}
	for at := range q.chunks {
		k0, k1 := at*chunk, min((at+1)*chunk, q.K)
		q.copy(&w.panel[0], q.width, &q.B[k0*q.N+b.c0], size*q.N, k1-k0, b.vectors, b.mask)
		q.sum(w, b, at)
	}
	if q.Take != nil {
		q.Take(b.r0, b.r1, b.c0, b.c1, w.sums, q.width/size)
	} else if q.Epilogue != nil {
		q.Epilogue(b.r0, b.r1, b.c0, b.c1)
	}
}

// sum adds the products of a chunk's numbers of A and rows of B to the rows of a block of C.
func (q *product) sum(w *workspace, b block, at int) {
	from, fromStride, to, toStride := &w.sums[0], q.width, &w.sums[0], q.width
	if at == 0 {
		from, fromStride = q.first(b)
	}
	if at == q.chunks-1 && q.Take == nil {
		to, toStride = &q.C[b.r0*q.N+b.c0], size*q.N
	}
	x, next, line := q.begin(at, b.r0)
	q.gather[b.vectors-1](to, toStride, from, fromStride, &w.panel[0], q.width, &q.of(at, b.r0)[0], x, next, line, b.r1-b.r0, b.mask)
}
