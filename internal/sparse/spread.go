package sparse

// spreadPart computes a chunk of rows of a panel of C = A·B. The rows of C lie in cache,
// and rows of B, a group after the other, are added to those that have entries.
func (q *product) spreadPart(part int) {
	panel, at := part/q.chunks, part%q.chunks
	b := q.at(panel, at*chunk, min((at+1)*chunk, q.M))
	w := <-q.idle
	defer func() { q.idle <- w }() // even if a function that was handed in panics
	if q.Prologue != nil {
		q.Prologue(b.r0, b.r1, b.c0, b.c1)
	}
	if q.Accumulate {
		q.copy(&w.panel[0], q.pitch, &q.C[b.r0*q.N+b.c0], size*q.N, b.r1-b.r0, b.vectors, b.mask)
	} else {
		clear(w.panel)
	}
	for stripe := range q.stripes {
		for _, s := range q.stretches(at, stripe) {
			q.add(w.panel, b, s)
		}
	}
	q.deliver(b, w.panel)
}

// add adds the products of a stretch's columns of A and rows of B to C.
func (q *product) add(c []float32, b block, s stretch) {
	if s.groups == 0 {
		return
	}
	second, last := size*q.N*min(1, s.width-1), size*q.N*(s.width-1)
	q.spread[b.vectors-1](&c[0], &q.B[s.column*q.N+b.c0], second, last, &s.counts[0], &s.places[0], &s.values[0], size*q.room, s.groups, b.mask)
}

// deliver hands on a block of C that is complete.
func (q *product) deliver(b block, c []float32) {
	if q.Take != nil {
		q.Take(b.r0, b.r1, b.c0, b.c1, c, q.pitch/size)
		return
	}
	q.copy(&q.C[b.r0*q.N+b.c0], size*q.N, &c[0], q.pitch, b.r1-b.r0, b.vectors, b.mask)
	if q.Epilogue != nil {
		q.Epilogue(b.r0, b.r1, b.c0, b.c1)
	}
}
