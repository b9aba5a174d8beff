package sparse

// gatherPart computes the rows of a stripe and panel of C. Chunks of rows of B lie in
// cache, and for a group of rows of C, that is columns of A where it is transposed and rows where it is not, those that have entries are added up.
func (q *product) gatherPart(part int) {
	panel, stripe := part/q.stripes, part%q.stripes
	lo, hi := q.bounds(stripe)
	b := q.at(panel, q.group*lo, min(q.group*hi, q.M))
	w := <-q.idle
	defer func() { q.idle <- w }() // even if a function that was handed in panics
	if q.Prologue != nil {
		q.Prologue(b.r0, b.r1, b.c0, b.c1)
	}
	for at := range q.chunks {
		k0, k1 := at*chunk, min((at+1)*chunk, q.K)
		q.copy(&w.panel[0], q.pitch, &q.B[k0*q.N+b.c0], size*q.N, k1-k0, b.vectors, b.mask)
		for _, s := range q.stretches(at, stripe) {
			q.sum(w, b, s, at)
		}
	}
	if q.Take != nil {
		q.Take(b.r0, b.r1, b.c0, b.c1, w.sums, q.pitch/size)
	} else if q.Epilogue != nil {
		q.Epilogue(b.r0, b.r1, b.c0, b.c1)
	}
}

// sum adds the products of a chunk's rows of A and B to the rows of C of a stretch.
func (q *product) sum(w *workspace, b block, s stretch, at int) {
	if s.groups == 0 {
		return
	}
	kept, pitch := &w.sums[(s.column-b.r0)*q.pitch/size], q.apart(s, q.pitch)
	from, fromPitch, to, toPitch := kept, pitch, kept, pitch
	if q.Take == nil {
		c, stride := &q.C[s.column*q.N+b.c0], q.apart(s, size*q.N)
		if at == 0 {
			from, fromPitch = c, stride
		}
		if at == q.chunks-1 {
			to, toPitch = c, stride
		}
	}
	if at == 0 && !q.Accumulate {
		from = nil
	}
	q.gather[b.vectors-1](to, toPitch, from, fromPitch, &w.panel[0], &s.counts[0], &s.places[0], &s.values[0], size*q.room, s.groups, b.mask)
}

// apart returns how far apart the rows of C of a stretch are: not at all if its group
// has one row only where the kernels compute two.
func (q *product) apart(s stretch, bytes int) int {
	if s.width < q.group {
		return 0
	}
	return bytes
}
