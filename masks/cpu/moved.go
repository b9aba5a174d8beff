package cpu

import "ergon/masks"

// moved updates an array by a Sparse optimizer, synapse by synapse, from the factors of a single
// presentation's gradient x ⊗ dz, which is never formed: only the work of a step needs it.
type moved struct{}

func (moved) fits(u *Updater, a *array) bool {
	return u.sparse != nil && !u.clipsNorm() && a.single()
}

func (moved) prepare(*Updater, *array) error { return nil }

func (moved) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	moves := u.sparse.Moved(c.Array, c.Lo, c.Hi, work.moves[:0])
	if len(moves) == 0 {
		return
	}
	if len(a.masks) > 0 {
		moves = masks.Intersect(moves, a.selected(c.Lo, c.Hi, work))
	}
	g, delta := work.g[:len(moves)], work.delta[:len(moves)]
	a.formAt(moves, g)
	masks.UpdateAt(u.optimizer, c.Array, moves, g, delta)
	t.applyAt(a, moves, delta, g)
}
