package sparse

// gather computes the rows of a stripe and panel of C = Aᵀ·B: for two rows of C,
// that is columns of A, the sums of the rows of B that have entries.
func (q *product) gather(part int) {
	panel, stripe := part/q.stripes, part%q.stripes
	c0, c1, vectors, mask := q.bounds(panel)
	lo, hi := q.stripe(stripe)
	r0, r1 := 2*lo, min(2*hi, q.M)
	w := <-q.idle
	defer func() { q.idle <- w }() // even if Before or After panics
	if q.Before != nil {
		q.Before(r0, r1, c0, c1)
	}
	for at := range q.chunks {
		k0, k1 := at*chunk, min((at+1)*chunk, q.K)
		pack512(&w.panel[0], q.pitch, &q.B[k0*q.N+c0], 4*q.N, k1-k0, vectors, mask)
		for _, s := range q.stretches(at, stripe) {
			if s.pairs == 0 {
				continue
			}
			from, fromStride := (*float32)(nil), 0
			if at > 0 {
				from, fromStride = &w.sums[(s.column-r0)*q.pitch/4], q.pitch
			} else if q.Accumulate {
				from, fromStride = &q.C[s.column*q.N+c0], 4*q.N
			}
			to, stride := (*float32)(nil), 0
			if at == q.chunks-1 {
				to, stride = &q.C[s.column*q.N+c0], 4*q.N
			} else {
				to, stride = &w.sums[(s.column-r0)*q.pitch/4], q.pitch
			}
			gather[vectors-1](to, stride*s.step, from, fromStride*s.step, &w.panel[0], s.counts, s.places, s.first, s.second, s.pairs, mask)
		}
	}
	if q.After != nil {
		q.After(r0, r1, c0, c1)
	}
}
