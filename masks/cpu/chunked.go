package cpu

import "ergon/masks"

// chunked updates any array, span by span: those without a mask in vector code, and else the
// synapses that the masks list. The gradient of a single presentation is never written, but
// formed of its factors for each span, while it is used.
type chunked struct{}

func (chunked) fits(*Updater, *array) bool { return true }

func (chunked) prepare(_ *Updater, a *array) error { return a.need() }

func (chunked) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	for lo := c.Lo; lo < c.Hi; lo += spanSize {
		s := u.span(a, lo, c, work)
		g, delta := a.gradient(s, work), work.delta[:s.size()]
		u.computeUpdates(a, s, g, delta, work)
		u.apply(a, s, g, delta, t, work)
	}
}
