package sparse

import "ergon/internal/parallel"

// spreadPart computes a chunk of rows of a panel of C = A·B.
func (q *product) spreadPart(part int) { q.spreadBlock(part, 0) }

// spreadBlock adds the products of a stretch of rows of B to a chunk of rows of a panel of C, which begins
// with the first stretch. The rows of C lie in cache, and rows of B, a group after the other, are added to those that they
// are multiplied into.
func (q *product) spreadBlock(n, stretch int) {
	panel, at := n/q.chunks, n%q.chunks
	b := q.at(panel, at*chunk, min((at+1)*chunk, q.M))
	w := <-q.idle
	defer func() { q.idle <- w }() // even if a function that was handed in panics
	if stretch == 0 && q.Prologue != nil {
		q.Prologue(b.r0, b.r1, b.c0, b.c1)
	}
	from, stride := q.first(b)
	if stretch > 0 {
		from, stride = &q.C[b.r0*q.N+b.c0], size*q.N
	}
	if from != nil {
		q.copy(&w.panel[0], q.width, from, stride, b.r1-b.r0, b.vectors, b.mask)
	} else {
		clear(w.panel)
	}
	groups, last := q.K/q.group, stretch == q.stretches-1
	lo, hi := parallel.Split(groups, q.stretches, stretch)
	q.add(q.spread, w.panel, b, at, q.group*lo, hi-lo)
	if last {
		q.add(q.single, w.panel, b, at, q.group*groups, q.K-q.group*groups)
	}
	q.deliver(b, w.panel, last)
}

// add adds the products of so many groups of columns of A, from one column on, and of rows of B to C.
func (q *product) add(kernels []spreadKernel, c []float32, b block, at, column, groups int) {
	if groups == 0 {
		return
	}
	x, next, _ := q.begin(at, column)
	kernels[b.vectors-1](&c[0], q.width, &q.B[column*q.N+b.c0], size*q.N, &q.of(at, column)[0], x, next, groups, b.mask)
}

// deliver hands on a block of C, which may be complete.
func (q *product) deliver(b block, c []float32, complete bool) {
	if q.Take != nil {
		q.Take(b.r0, b.r1, b.c0, b.c1, c, q.width/size)
		return
	}
	q.copy(&q.C[b.r0*q.N+b.c0], size*q.N, &c[0], q.width, b.r1-b.r0, b.vectors, b.mask)
	if complete && q.Epilogue != nil {
		q.Epilogue(b.r0, b.r1, b.c0, b.c1)
	}
}
