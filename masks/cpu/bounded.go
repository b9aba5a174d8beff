package cpu

import "ergon/masks"

// bounded is the way under a clip by norm: all updates are proposed first, to
// learn how long they are, and then applied, scaled.
type bounded struct{}

// bounds are the lengths of a step's updates.
type bounds struct {
	updates [][]float32 // of each array: packed updates of each chunk
	norms   []float64   // Σ Δw² of each chunk
	squares []float64   // Σ Δw² of each vector that the clip is of
}

func newBounds(u *Updater) (b bounds) {
	if !u.clipsNorm() {
		return b
	}
	for _, s := range u.all {
		b.updates = append(b.updates, make([]float32, s.In*s.Out))
	}
	b.norms, b.squares = make([]float64, len(u.chunks)), make([]float64, u.clip.Vectors())
	return b
}

func (bounded) fits(u *Updater, _ *array) bool { return u.clipsNorm() }

func (bounded) prepare(_ *Updater, a *array) error { return a.Write() }

// scale proposes every update and finds by how much they are too long.
func (u *Updater) scale() {
	b := &u.bounds
	u.pool.Run(len(u.chunks), u.measureChunk)
	clear(b.squares)
	for c, n := range b.norms {
		b.squares[u.clip.Vector(u.all[u.chunks[c].Array].Layer)] += n
	}
	for n := range u.arrays {
		a := &u.arrays[n]
		a.limit.scale = u.clip.Scale(b.squares[u.clip.Vector(a.Layer)])
	}
}

// measure packs a chunk's updates and adds up their squares.
func (u *Updater) measure(c int) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	chunk := u.chunks[c]
	a := &u.arrays[chunk.Array]
	kept, all := a.kept(chunk, work)
	delta := u.computeUpdates(a, chunk, kept, all, work)
	sum := 0.0
	for _, d := range delta {
		sum += float64(d) * float64(d)
	}
	u.bounds.norms[c] = sum
	copy(u.bounds.updates[chunk.Array][chunk.Lo:chunk.Hi], delta)
}

// chunk applies what measure has packed.
func (bounded) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	kept, all := a.kept(c, work)
	n := len(kept)
	if all {
		n = c.Hi - c.Lo
	}
	u.apply(a, c, kept, all, u.bounds.updates[c.Array][c.Lo:c.Lo+n], t, work)
}
