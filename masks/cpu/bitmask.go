package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// bitmask updates an array with one mask that is a Bitmask and not sparse. The vector
// code reads the bits; no list of kept synapses is made.
type bitmask struct{}

func (bitmask) fits(u *Updater, a *array) bool {
	return u.proportional != nil && u.transmission == nil && !u.clipsNorm() && a.bitmask() != nil
}

// bitmask returns the one mask of the array, if it is a Bitmask and not sparse; else nil.
func (a *array) bitmask() masks.Bitmask {
	if len(a.masks) != 1 {
		return nil
	}
	if m, ok := a.masks[0].(masks.Bitmask); ok && m.Density(a.Synapses)*sparse >= 1 {
		return m
	}
	return nil
}

func (bitmask) prepare(_ *Updater, a *array) error { return a.Write() }

func (bitmask) chunk(u *Updater, a *array, c masks.Chunk, t *counters) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	drawn := work.bits[:(c.Hi-c.Lo+63)/64]
	a.bitmask().Bits(a.Synapses, c.Lo, drawn)
	g := a.Gradient[c.Lo:c.Hi]
	t.m0, t.stored = simd.ApplyMasked(a.target[c.Lo:c.Hi], g, drawn, u.factor, a.limit.bound, &t.sums, 0)
	if a.window != nil {
		countBits(a.window[c.Lo:c.Hi], drawn, g, u.factor, t.m0, work)
	}
}
