package cpu

import (
	"ergon/internal/bitset"
	"ergon/masks"
)

// spanSize is how many neighbouring synapses are updated at a time: as many as have their
// gradients, updates and weights in the first-level cache together.
const spanSize = 2048

// span is neighbouring synapses lo … hi-1 of a chunk, and those of them that may change: all of
// them, many, which are bits, or few, which are a list. What is computed of a span are numbers of
// all its synapses, or of those listed.
type span struct {
	lo, hi int
	bits   []uint64 // of each synapse, 1 if every mask keeps it; nil: all are kept, or few
	kept   []int32  // the few that are kept
	listed bool     // few are kept
	count  int      // of those that may change
}

// size returns of how many synapses numbers are computed.
func (s span) size() int {
	if s.listed {
		return len(s.kept)
	}
	return s.hi - s.lo
}

// sparse sets when to update synapse by synapse: if less than one in sparse is kept.
// Above that, it is faster to compute the updates of all, to make those of the others -0, and to use
// the vector code.
const sparse = 16

// span returns the span of an array that begins at lo and ends with the chunk, or before.
func (u *Updater) span(a *array, lo int, c masks.Chunk, work *scratch) span {
	s := span{lo: lo, hi: min(lo+spanSize, c.Hi)}
	n := s.hi - s.lo
	switch m := a.bitmask(); {
	case len(a.masks) == 0:
		s.count = n
	case m != nil && u.wholly:
		s.bits = work.bits[:(n+63)/64]
		m.Bits(a.Synapses, s.lo, s.bits)
		s.count = bitset.Count(s.bits, n)
	default:
		s = a.list(lo, c, work)
		if u.wholly && s.count*sparse >= n {
			s.listed, s.bits = false, work.bits[:(n+63)/64]
			bitset.Fill(s.bits, s.kept, s.lo)
		}
	}
	return s
}

// list is span as a list, however many are kept.
func (a *array) list(lo int, c masks.Chunk, work *scratch) span {
	s := span{lo: lo, hi: min(lo+spanSize, c.Hi), listed: true}
	s.kept = a.selected(s.lo, s.hi, work)
	s.count = len(s.kept)
	return s
}
