package masks

import "sync"

// The step of a chunk: select, propose, clip, apply, count.

// scratch is what a worker needs for one chunk.
type scratch struct {
	kept, other  [chunk]int32
	delta, dense [chunk]float32
	bits         [chunk / 64]uint64
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// update is a whole step of one chunk.
func (u *Updater) update(c int) {
	s := u.all[u.chunks[c].array]
	if s.pending.blocks {
		u.tallies[c] = tally{}
		return
	}
	if s.factored() && s.pending.outer {
		u.learnOuter(c)
		return
	}
	if s.factored() && s.pending.grid.post != nil {
		u.learnPart(c)
		return
	}
	if mask, ok := u.bitsOf(u.chunks[c].array); ok && !s.factored() {
		u.learnBits(c, mask)
		return
	}
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := u.kept(c, work)
	u.apply(c, kept, all, u.propose(c, kept, all, work), work)
}

// kept returns the synapses of a chunk that every mask keeps, or that it is all of them.
func (u *Updater) kept(c int, work *scratch) (kept []int32, all bool) {
	p := u.chunks[c]
	if len(u.active[p.array]) == 0 {
		return nil, true
	}
	return u.selected(p.array, p.lo, p.hi, work), false
}

// selected returns the synapses of [lo,hi) that every active mask keeps.
func (u *Updater) selected(array, lo, hi int, work *scratch) (kept []int32) {
	s, active := u.all[array], u.active[array]
	if u.sets[array] != nil {
		active = active[len(active)-1:] // it knows what those before it keep
	}
	kept = active[0].Select(s, lo, hi, work.kept[:0])
	for _, m := range active[1:] {
		kept = intersect(kept, m.Select(s, lo, hi, work.other[:0]))
	}
	return kept
}

// propose returns the optimizer's updates of the kept synapses of a chunk, densely packed.
func (u *Updater) propose(c int, kept []int32, all bool, work *scratch) []float32 {
	p := u.chunks[c]
	if s := u.all[p.array]; s.factored() {
		delta := work.delta[:len(kept)]
		s.proposePart(p.lo, delta, u.optimizer.(*sgd).minus)
		return delta
	}
	g := u.all[p.array].Gradient
	if all {
		delta := work.delta[:p.hi-p.lo]
		proposeSpan(u.optimizer, p.array, p.lo, g[p.lo:p.hi], delta)
		return delta
	}
	delta := work.delta[:len(kept)]
	proposeAt(u.optimizer, p.array, kept, g, delta)
	return delta
}

// sparse is the share of kept synapses, one in so many, below which they are
// visited one by one. Above, it is faster to spread them out and let vector
// registers pass over all.
const sparse = 16

// apply clips, applies and counts the updates of a chunk.
func (u *Updater) apply(c int, kept []int32, all bool, delta []float32, work *scratch) {
	p, t := u.chunks[c], &u.tallies[c]
	w, l := u.all[p.array].Weights, u.limits[u.all[p.array].Layer]
	*t = tally{}
	if u.transmission != nil {
		u.transmission.Learn(p.array, p.lo, p.hi, kept, all)
	}
	switch {
	case all:
		t.applySpan(w[p.lo:p.hi], delta, l)
	case len(kept)*sparse < p.hi-p.lo:
		t.applyAt(w, kept, delta, l)
	default:
		dense := work.dense[:p.hi-p.lo]
		spread(dense, p.lo, kept, delta)
		t.applySpan(w[p.lo:p.hi], dense, l)
	}
}

// stepWithinNorm first proposes every update, to learn the lengths of the
// vectors that the clip is of, then applies them scaled.
func (u *Updater) stepWithinNorm() {
	u.pool.Run(len(u.chunks), u.measureChunk)
	clear(u.squares)
	for c, n := range u.norms {
		u.squares[u.clip.vector(u.all[u.chunks[c].array].Layer)] += n
	}
	for l := range u.limits {
		u.limits[l].scale = u.clip.scale(u.squares[u.clip.vector(l)])
	}
	u.pool.Run(len(u.chunks), u.finishChunk)
}

// measure packs a chunk's updates and adds up their squares.
func (u *Updater) measure(c int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := u.kept(c, work)
	delta := u.propose(c, kept, all, work)
	sum := 0.0
	for _, d := range delta {
		sum += float64(d) * float64(d)
	}
	u.norms[c] = sum
	p := u.chunks[c]
	copy(u.proposed[p.array][p.lo:p.hi], delta)
}

// finish applies what measure has packed.
func (u *Updater) finish(c int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := u.kept(c, work)
	p := u.chunks[c]
	n := len(kept)
	if all {
		n = p.hi - p.lo
	}
	u.apply(c, kept, all, u.proposed[p.array][p.lo:p.lo+n], work)
}
