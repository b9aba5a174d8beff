package cpu

import (
	"math"
	"sync"

	"ergon/internal/simd"
	"ergon/masks"
)

// spanSize is how many neighbouring synapses are updated at a time: as many as have their
// gradients, updates and weights in the first-level cache together.
const spanSize = 2048

// span is neighbouring synapses lo … hi-1 of a chunk, and those of them that may change.
type span struct {
	lo, hi int
	kept   []int32 // those that every mask keeps, unless all
	all    bool    // no mask restricts the array
}

// size returns how many synapses of the span may change.
func (s span) size() int {
	if s.all {
		return s.hi - s.lo
	}
	return len(s.kept)
}

// scratch is a worker's buffers for one chunk.
type scratch struct {
	kept, other  [masks.ChunkSize]int32
	moves        [masks.ChunkSize]int32
	g, force     [masks.ChunkSize]float32
	delta, dense [masks.ChunkSize]float32
	bits         [masks.ChunkSize / 64]uint64
	bytes        [masks.ChunkSize + 8]uint8
	row          rowWrites
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// span returns the span of an array that begins at lo and ends with the chunk, or before.
func (a *array) span(lo int, c masks.Chunk, work *scratch) span {
	s := span{lo: lo, hi: min(lo+spanSize, c.Hi), all: len(a.masks) == 0}
	if !s.all {
		s.kept = a.selected(s.lo, s.hi, work)
	}
	return s
}

// computeUpdates writes the optimizer's Δw of a span's synapses to delta, given their gradient.
func (u *Updater) computeUpdates(a *array, s span, g, delta []float32) {
	if s.all {
		masks.UpdateSpan(u.optimizer, a.Index, s.lo, g, delta)
		return
	}
	masks.UpdateAt(u.optimizer, a.Index, s.kept, g, delta)
}

// sparse sets when to update synapse by synapse: if less than one in sparse is kept.
// Above that, it is faster to scatter the updates into a dense array and use the
// vector code.
const sparse = 16

// apply clips, applies and counts the updates of a span's synapses with gradient g.
func (u *Updater) apply(a *array, s span, g, delta []float32, t *counters, work *scratch) {
	if u.remembers {
		t.kept += s.size()
	}
	force := g
	if u.proportional != nil {
		force = delta
	}
	switch n := s.hi - s.lo; {
	case s.all:
		t.applySpan(a, s.lo, s.hi, delta, force)
	case len(s.kept)*sparse < n:
		t.applyAt(a, s.kept, delta, force)
	default:
		t.applySpan(a, s.lo, s.hi, scatter(work.dense[:n], s, delta), scatter(work.force[:n], s, force))
	}
}

// scatter writes numbers of the synapses kept of a span to a dense array, which it returns.
// The others get -0: adding it changes no number, not even the sign of a zero.
func scatter(dense []float32, s span, packed []float32) []float32 {
	for i := range dense {
		dense[i] = negativeZero
	}
	for n, i := range s.kept {
		dense[int(i)-s.lo] = packed[n]
	}
	return dense
}

var negativeZero = float32(math.Copysign(0, -1))

// squares adds the squares of a span's updates to sums, in the lanes of masks.SquareLanes.
func (s span) squares(delta []float32, sums *[masks.SquareLanes]float64) {
	if s.all {
		simd.Squares(delta, sums)
		return
	}
	for n, i := range s.kept {
		sums[i%masks.SquareLanes] += float64(delta[n]) * float64(delta[n])
	}
}
