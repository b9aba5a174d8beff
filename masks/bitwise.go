package masks

import "ergon/internal/simd"

// Bitmask is a Mask that has a bit for each synapse, 1 where it may change, so
// that vector registers need no list of those that do.
type Bitmask interface {
	// Bits writes those of the synapses of an array from first on, a multiple of 64.
	Bits(s *Synapses, first int, words []uint64)
	// Density is how many of the bits are 1.
	Density() float64
}

// bitsOf returns the one mask that an array has in this step, if it is bitwise and
// keeps so many synapses that they are not visited one by one.
func (u *Updater) bitsOf(array int) (mask Bitmask, ok bool) {
	if !u.sparing || len(u.active[array]) != 1 {
		return nil, false
	}
	mask, ok = u.active[array][0].(Bitmask)
	return mask, ok && mask.Density()*sparse >= 1
}

// learnBits is the whole step of a chunk under a bitwise mask.
func (u *Updater) learnBits(c int, mask Bitmask) {
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.Array]
	*t = tally{}
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	drawn := work.bits[:(p.Hi-p.Lo+63)/64]
	mask.Bits(s, p.Lo, drawn)
	t.m0, t.stored = simd.ApplyMasked(s.Weights[p.Lo:p.Hi], s.Gradient[p.Lo:p.Hi], drawn, u.optimizer.(*sgd).minus, u.limits[s.Layer].bound, &t.m1)
}

// bitsWithin returns the bits of first … first+63 without those that are not of [lo,hi).
func bitsWithin(bits uint64, first, lo, hi int) uint64 {
	if first < lo {
		bits &= ^uint64(0) << (lo - first)
	}
	if first+64 > hi {
		bits &= ^uint64(0) >> (first + 64 - hi)
	}
	return bits
}
