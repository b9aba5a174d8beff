package cpu

import (
	"math"

	"ergon/internal/simd"
	"ergon/masks"
)

// The update of a span: the optimizer's Δw, then clip, weights and counts.

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
