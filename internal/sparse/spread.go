package sparse

// spread computes a chunk of rows of a panel of C = A·B: rows of B, a pair after
// the other, are added to the rows of C that have entries.
func (q *product) spread(part int) {
	panel, at := part/q.chunks, part%q.chunks
	c0, c1, vectors, mask := q.bounds(panel)
	r0, r1 := at*chunk, min((at+1)*chunk, q.M)
	w := <-q.idle
	defer func() { q.idle <- w }() // even if Before or After panics
	if q.Before != nil {
		q.Before(r0, r1, c0, c1)
	}
	if q.Accumulate {
		pack512(&w.panel[0], q.pitch, &q.C[r0*q.N+c0], 4*q.N, r1-r0, vectors, mask)
	} else {
		clear(w.panel)
	}
	for stripe := range q.stripes {
		for _, s := range q.stretches(at, stripe) {
			if s.pairs > 0 {
				spread[vectors-1](&w.panel[0], &q.B[s.column*q.N+c0], 4*q.N*s.step, s.counts, s.places, s.first, s.second, s.pairs, mask)
			}
		}
	}
	for r := r0; r < r1; r++ {
		copy(q.C[r*q.N+c0:r*q.N+c1], w.panel[(r-r0)*q.pitch/4:])
	}
	if q.After != nil {
		q.After(r0, r1, c0, c1)
	}
}
