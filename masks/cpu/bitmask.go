package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// bitmask updates an array with one mask that is a Bitmask and not sparse. The vector
// code reads the bits; no list of kept synapses is made.
type bitmask struct{}

func (bitmask) fits(u *Updater, a *array) bool {
	if u.proportional == nil || u.transmission != nil || u.clipsNorm() || len(a.masks) != 1 {
		return false
	}
	m, ok := a.masks[0].(masks.Bitmask)
	return ok && m.Density()*sparse >= 1
}

func (bitmask) prepare(_ *Updater, a *array) error { return a.Write() }

func (bitmask) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	drawn := work.bits[:(c.Hi-c.Lo+63)/64]
	a.masks[0].(masks.Bitmask).Bits(a.Synapses, c.Lo, drawn)
	g := a.Gradient[c.Lo:c.Hi]
	t.m0, t.stored = simd.ApplyMasked(a.target[c.Lo:c.Hi], g, drawn, u.factor, a.limit.bound, &t.sums, 0)
	if a.window != nil {
		countBits(a.window[c.Lo:c.Hi], drawn, g, u.factor, t.m0, work)
	}
}
