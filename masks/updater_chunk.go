package masks

import "sync"

// The step of a chunk: select, propose, clip, apply, count.

// scratch is what a worker needs for one chunk.
type scratch struct {
	kept, other  [ChunkSize]int32
	delta, dense [ChunkSize]float32
	bits         [ChunkSize / 64]uint64
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// update is a whole step of one chunk.
func (u *Updater) update(c int) {
	s := u.all[u.chunks[c].Array]
	if s.pending.blocks {
		u.tallies[c] = tally{}
		return
	}
	if s.Factored() && s.pending.outer {
		u.learnOuter(c)
		return
	}
	if s.Factored() && s.pending.grid.Columns != nil {
		u.learnPart(c)
		return
	}
	if mask, ok := u.bitsOf(u.chunks[c].Array); ok && !s.Factored() {
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
	if len(u.active[p.Array]) == 0 {
		return nil, true
	}
	return u.selected(p.Array, p.Lo, p.Hi, work), false
}

// selected returns the synapses of [lo,hi) that every active mask keeps.
func (u *Updater) selected(array, lo, hi int, work *scratch) (kept []int32) {
	s, active := u.all[array], u.active[array]
	if u.sets[array] != nil {
		active = active[len(active)-1:] // it knows what those before it keep
	}
	kept = active[0].Select(s, lo, hi, work.kept[:0])
	for _, m := range active[1:] {
		kept = Intersect(kept, m.Select(s, lo, hi, work.other[:0]))
	}
	return kept
}

// propose returns the optimizer's updates of the kept synapses of a chunk, densely packed.
func (u *Updater) propose(c int, kept []int32, all bool, work *scratch) []float32 {
	p := u.chunks[c]
	if s := u.all[p.Array]; s.Factored() {
		delta := work.delta[:len(kept)]
		s.proposePart(p.Lo, delta, u.optimizer.(*sgd).minus)
		return delta
	}
	g := u.all[p.Array].Gradient
	if all {
		delta := work.delta[:p.Hi-p.Lo]
		ProposeSpan(u.optimizer, p.Array, p.Lo, g[p.Lo:p.Hi], delta)
		return delta
	}
	delta := work.delta[:len(kept)]
	ProposeAt(u.optimizer, p.Array, kept, g, delta)
	return delta
}

// sparse is the share of kept synapses, one in so many, below which they are
// visited one by one. Above, it is faster to spread them out and let vector
// registers pass over all.
const sparse = 16

// apply clips, applies and counts the updates of a chunk.
func (u *Updater) apply(c int, kept []int32, all bool, delta []float32, work *scratch) {
	p, t := u.chunks[c], &u.tallies[c]
	w, l := u.all[p.Array].Weights, u.limits[u.all[p.Array].Layer]
	*t = tally{}
	if u.transmission != nil {
		u.transmission.Learn(p.Array, p.Lo, p.Hi, kept, all)
	}
	switch {
	case all:
		t.applySpan(w[p.Lo:p.Hi], delta, l)
	case len(kept)*sparse < p.Hi-p.Lo:
		t.applyAt(w, kept, delta, l)
	default:
		dense := work.dense[:p.Hi-p.Lo]
		scatter(dense, p.Lo, kept, delta)
		t.applySpan(w[p.Lo:p.Hi], dense, l)
	}
}

// stepWithinNorm first proposes every update, to learn the lengths of the
// vectors that the clip is of, then applies them scaled.
func (u *Updater) stepWithinNorm() {
	u.pool.Run(len(u.chunks), u.measureChunk)
	clear(u.squares)
	for c, n := range u.norms {
		u.squares[u.clip.Vector(u.all[u.chunks[c].Array].Layer)] += n
	}
	for l := range u.limits {
		u.limits[l].scale = u.clip.Scale(u.squares[u.clip.Vector(l)])
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
	copy(u.proposed[p.Array][p.Lo:p.Hi], delta)
}

// finish applies what measure has packed.
func (u *Updater) finish(c int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := u.kept(c, work)
	p := u.chunks[c]
	n := len(kept)
	if all {
		n = p.Hi - p.Lo
	}
	u.apply(c, kept, all, u.proposed[p.Array][p.Lo:p.Lo+n], work)
}
