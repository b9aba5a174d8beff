package masks

import "ergon/internal/simd"

// Learning from the factors of a single presentation.

// learnOuter is the whole step of a chunk whose gradient is x ⊗ dz. Rows of
// inputs that are zero have no gradient, and are passed over.
func (u *Updater) learnOuter(c int) {
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	*t = tally{}
	masked, sets := len(u.active[p.Array]) > 0, u.sets[p.Array]
	for lo, row := p.Lo, p.Lo/s.Out; lo < p.Hi; row++ {
		hi := min((row+1)*s.Out, p.Hi)
		switch {
		case s.pending.x[row] == 0:
		case !masked:
			u.learnRow(c, lo, hi)
		case sets != nil:
			u.learnColumns(c, lo, hi, sets)
		default:
			for hi < p.Hi && s.pending.x[row+1] != 0 { // a run of rows
				row++
				hi = min((row+1)*s.Out, p.Hi)
			}
			u.learnSelected(c, lo, hi)
		}
		lo = hi
	}
}

// learnRow learns the synapses of [lo,hi), which are of one row.
func (u *Updater) learnRow(c, lo, hi int) {
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	row, start := lo/s.Out, lo/s.Out*s.Out
	m0, stored := simd.ApplyOuter(s.Weights[lo:hi], s.pending.dz[lo-start:hi-start], s.pending.x[row],
		u.optimizer.(*sgd).minus, u.limits[s.Layer].bound, &t.m1, lo-p.Lo)
	t.m0 += m0
	t.stored += stored
}

// learnSelected learns the synapses of [lo,hi) that every mask keeps.
func (u *Updater) learnSelected(c, lo, hi int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	kept := u.selected(p.Array, lo, hi, work)
	delta, minus := work.delta[:len(kept)], u.optimizer.(*sgd).minus
	row, end := lo/s.Out, (lo/s.Out+1)*s.Out
	for n, i := range kept {
		for int(i) >= end {
			row, end = row+1, end+s.Out
		}
		g := s.pending.x[row] * s.pending.dz[int(i)-end+s.Out]
		delta[n] = float32(minus * g)
	}
	l := u.limits[s.Layer]
	if lo%simd.Lanes != p.Lo%simd.Lanes || len(kept)*sparse < hi-lo {
		t.applyAt(s.Weights, kept, delta, l)
		return
	}
	dense := work.dense[:hi-lo]
	scatter(dense, lo, kept, delta)
	m0, stored := simd.Apply(s.Weights[lo:hi], dense, l.scale, l.bound, &t.m1)
	t.m0 += m0
	t.stored += stored
}

// serial says that the step is over sooner than other workers would wake up: a
// single presentation's, of a network that is not large.
func (u *Updater) serial() bool {
	synapses := 0
	for _, s := range u.all {
		if !s.Bias && (!s.Factored() || !s.pending.outer) {
			return false
		}
		synapses += s.In * s.Out
	}
	return synapses < 1<<19
}
