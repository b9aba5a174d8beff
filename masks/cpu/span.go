package cpu

import (
	"math"
	"math/bits"
	"sync"

	"ergon/internal/simd"
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
		s.count = ones64(s.bits, n)
	default:
		s = a.list(lo, c, work)
		if u.wholly && s.count*sparse >= n {
			s.listed, s.bits = false, work.bits[:(n+63)/64]
			set(s.bits, s.kept, s.lo)
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

// set makes words the bits of the synapses listed; the first bit is that of synapse lo.
func set(words []uint64, listed []int32, lo int) {
	clear(words)
	for _, i := range listed {
		words[(int(i)-lo)/wordBits] |= 1 << ((int(i) - lo) % wordBits)
	}
}

// ones64 returns how many of the first n bits of words are 1.
func ones64(words []uint64, n int) (count int) {
	for i, w := range words {
		if rest := n - wordBits*i; rest < wordBits {
			w &= 1<<rest - 1
		}
		count += bits.OnesCount64(w)
	}
	return count
}

// scratch is a worker's buffers for one chunk.
type scratch struct {
	kept, other  [masks.ChunkSize]int32
	moves        [masks.ChunkSize]int32
	g, force     [masks.ChunkSize]float32
	delta, dense [masks.ChunkSize]float32
	bits         [masks.ChunkSize / 64]uint64
	bytes        [masks.ChunkSize + 8]uint8
	saved        [][]float32 // of a span: what an optimizer remembered of it
	row          rowWrites
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// keep notes what the optimizer remembers of a span, memory by memory.
func (w *scratch) keep(u *Updater, a *array, s span) {
	for n, arrays := range u.memories {
		if n == len(w.saved) {
			w.saved = append(w.saved, make([]float32, spanSize))
		}
		copy(w.saved[n], arrays[a.Index][s.lo:s.hi])
	}
}

// computeUpdates writes the optimizer's Δw of a span's synapses to delta, given their gradient. Of
// those that are not kept it is -0, whose addition changes no number, not even the sign of a zero, and
// what the optimizer remembers of them stays.
func (u *Updater) computeUpdates(a *array, s span, g, delta []float32, work *scratch) {
	switch {
	case s.listed:
		masks.UpdateAt(u.optimizer, a.Index, s.kept, g, delta)
		return
	case s.bits == nil:
		masks.UpdateSpan(u.optimizer, a.Index, s.lo, g, delta)
		return
	}
	work.keep(u, a, s)
	masks.UpdateSpan(u.optimizer, a.Index, s.lo, g, delta)
	for n, arrays := range u.memories {
		simd.ReplaceUnset(arrays[a.Index][s.lo:s.hi], work.saved[n], s.bits)
	}
	simd.ReplaceUnset(delta, nothing[:], s.bits)
}

// nothing is what is added to masked synapses.
var nothing = func() (zeros [spanSize]float32) {
	for i := range zeros {
		zeros[i] = negativeZero
	}
	return zeros
}()

var negativeZero = float32(math.Copysign(0, -1))

// apply clips, applies and counts the updates of a span's synapses with gradient g.
func (u *Updater) apply(a *array, s span, g, delta []float32, t *counters, work *scratch) {
	if u.remembers {
		t.kept += s.count
	}
	n := s.hi - s.lo
	force := g
	if u.proportional != nil {
		force = delta
	} else if s.bits != nil {
		force = work.force[:n]
		copy(force, g)
		simd.ReplaceUnset(force, nothing[:], s.bits)
	}
	switch {
	case !s.listed:
		t.applySpan(a, s.lo, s.hi, delta, force)
	case len(s.kept)*sparse < n:
		t.applyAt(a, s.kept, delta, force)
	default:
		t.applySpan(a, s.lo, s.hi, scatter(work.dense[:n], s, delta), scatter(work.force[:n], s, force))
	}
}

// scatter writes numbers of the synapses kept of a span to a dense array, which it returns.
// The others get -0.
func scatter(dense []float32, s span, packed []float32) []float32 {
	for i := range dense {
		dense[i] = negativeZero
	}
	for n, i := range s.kept {
		dense[int(i)-s.lo] = packed[n]
	}
	return dense
}

// squares adds the squares of a span's updates to sums, in the lanes of masks.SquareLanes.
func (s span) squares(delta []float32, sums *[masks.SquareLanes]float64) {
	if !s.listed {
		simd.Squares(delta, sums)
		return
	}
	for n, i := range s.kept {
		sums[i%masks.SquareLanes] += float64(delta[n]) * float64(delta[n])
	}
}
