package cpu

import "ergon/masks"

// bounded updates an array under a clip by norm, in two passes: the first measures the length
// of the updates, the second scales and applies them. Those that are a multiple of the gradient
// are computed in both; others are kept in between, for the optimizer remembers having made
// them.
type bounded struct{}

// bounds holds the updates of a step, and their squared lengths.
type bounds struct {
	updates [][]float32 // Δw of each array: those of each span packed at its start; nil: computed again
	chunks  []float64   // Σ Δw² of each chunk
	vectors []float64   // Σ Δw² of each update vector (masks.Limits)
}

func newBounds(u *Updater) (b bounds) {
	if !u.clipsNorm() {
		return b
	}
	if u.proportional == nil {
		for _, s := range u.all {
			b.updates = append(b.updates, make([]float32, s.In*s.Out))
		}
	}
	b.chunks, b.vectors = make([]float64, len(u.chunks)), make([]float64, u.clip.Vectors())
	return b
}

func (bounded) fits(u *Updater, _ *array) bool { return u.clipsNorm() }

func (bounded) prepare(_ *Updater, a *array) error { return a.need() }

// scale computes the factor that brings each update vector within the clip.
func (u *Updater) scale() {
	b := &u.bounds
	u.run(u.measureChunk)
	clear(b.vectors)
	for c, square := range b.chunks {
		b.vectors[u.clip.Vector(u.all[u.chunks[c].Array].Layer)] += square
	}
	for n := range u.arrays {
		a := &u.arrays[n]
		a.limit.scale = u.clip.Scale(b.vectors[u.clip.Vector(a.Layer)])
	}
}

// measuring is a way that measures the updates of a chunk before it makes them: Σ Δw², before a
// clip. Calls for different chunks are concurrent.
type measuring interface {
	way
	measure(u *Updater, a *array, c masks.Chunk) float64
}

var (
	_ measuring = bounded{}
	_ measuring = rankOne{}
)

// measure adds up the squares of a chunk's updates.
func (u *Updater) measure(c int) {
	chunk := u.chunks[c]
	a := &u.arrays[chunk.Array]
	u.bounds.chunks[c] = a.way.(measuring).measure(u, a, chunk)
}

// measure implements measuring.
func (bounded) measure(u *Updater, a *array, c masks.Chunk) float64 {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	var sums [masks.SquareLanes]float64
	for lo := c.Lo; lo < c.Hi; lo += spanSize {
		s := u.span(a, lo, c, work)
		delta := u.bounds.of(a, s, work)
		u.computeUpdates(a, s, a.gradient(s, work), delta, work)
		s.squares(delta, &sums)
	}
	return masks.AddSquares(&sums)
}

// of returns where the updates of a span are.
func (b *bounds) of(a *array, s span, work *scratch) []float32 {
	if b.updates == nil {
		return work.delta[:s.size()]
	}
	return b.updates[a.Index][s.lo:][:s.size()]
}

// chunk applies the updates that measure has measured.
func (bounded) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	for lo := c.Lo; lo < c.Hi; lo += spanSize {
		s := u.span(a, lo, c, work)
		g, delta := a.gradient(s, work), u.bounds.of(a, s, work)
		if u.proportional != nil {
			u.computeUpdates(a, s, g, delta, work)
		}
		u.apply(a, s, g, delta, t, work)
	}
}
