package cpu

import "ergon/masks"

// bounded updates an array under a clip by norm. It computes all Δw of the network
// first, to measure their norm, then scales and applies them.
type bounded struct{}

// bounds holds the updates of a step, and their squared lengths.
type bounds struct {
	updates [][]float32 // Δw of each array: those of each chunk packed at its start
	chunks  []float64   // Σ Δw² of each chunk
	vectors []float64   // Σ Δw² of each update vector (masks.Limits)
}

func newBounds(u *Updater) (b bounds) {
	if !u.clipsNorm() {
		return b
	}
	for _, s := range u.all {
		b.updates = append(b.updates, make([]float32, s.In*s.Out))
	}
	b.chunks, b.vectors = make([]float64, len(u.chunks)), make([]float64, u.clip.Vectors())
	return b
}

func (bounded) fits(u *Updater, _ *array) bool { return u.clipsNorm() }

func (bounded) prepare(_ *Updater, a *array) error { return a.Write() }

// scale computes every update, and the factor that brings each update vector within
// the clip.
func (u *Updater) scale() {
	b := &u.bounds
	u.pool.Run(len(u.chunks), u.measureChunk)
	clear(b.vectors)
	for c, square := range b.chunks {
		b.vectors[u.clip.Vector(u.all[u.chunks[c].Array].Layer)] += square
	}
	for n := range u.arrays {
		a := &u.arrays[n]
		a.limit.scale = u.clip.Scale(b.vectors[u.clip.Vector(a.Layer)])
	}
}

// measure computes a chunk's updates, stores them packed and adds up their squares.
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
	u.bounds.chunks[c] = sum
	copy(u.bounds.updates[chunk.Array][chunk.Lo:chunk.Hi], delta)
}

// chunk applies the updates that measure has stored.
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
