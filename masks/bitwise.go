package masks

import "ergon/internal/simd"

// bitwise is a Mask that has a bit for each synapse, 1 where it may change, so
// that vector registers need no list of those that do.
type bitwise interface {
	// bits writes those of the synapses of an array from first on, a multiple of 64.
	bits(s *Synapses, first int, words []uint64)
	// share is how many of the bits are 1.
	share() float64
}

// bitsOf returns the one mask that an array has in this step, if it is bitwise and
// keeps so many synapses that they are not visited one by one.
func (u *Updater) bitsOf(array int) (mask bitwise, ok bool) {
	if !u.sparing || len(u.active[array]) != 1 {
		return nil, false
	}
	mask, ok = u.active[array][0].(bitwise)
	return mask, ok && mask.share()*sparse >= 1
}

// learnBits is the whole step of a chunk under a bitwise mask.
func (u *Updater) learnBits(c int, mask bitwise) {
	p, t := u.chunks[c], &u.tallies[c]
	s := u.all[p.array]
	*t = tally{}
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	drawn := work.bits[:(p.hi-p.lo+63)/64]
	mask.bits(s, p.lo, drawn)
	t.m0, t.stored = simd.ApplyMasked(s.Weights[p.lo:p.hi], s.Gradient[p.lo:p.hi], drawn, u.optimizer.(*sgd).minus, u.limits[s.Layer].bound, &t.m1)
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
