package cpu

import (
	"math"

	"ergon/internal/simd"
	"ergon/masks"
)

// counters counts the changes of one chunk, as masks.Change.
type counters struct {
	m0, stored int
	kept       int                 // synapses that the masks keep, if something is remembered of them
	m1         [simd.Lanes]float64 // Σ|Δw| of synapse i in lane i mod 8
}

// change adds up the lanes, in pairs.
func (t *counters) change() masks.Change {
	l := &t.m1
	return masks.Change{
		M0: int64(t.m0), M1: ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7])), Stored: int64(t.stored),
	}
}

// limit is what the clip does to an array's updates: multiply by scale, then clamp to
// ±bound.
type limit struct{ scale, bound float32 }

// applySpan clips the updates delta, adds them to w and counts them. w must begin at
// the first synapse of a chunk.
func (t *counters) applySpan(w, delta []float32, l limit) {
	t.m0, t.stored = simd.Apply(w, delta, l.scale, l.bound, &t.m1)
}

// applyAt is applySpan for the synapses kept: delta[n] belongs to w[kept[n]].
func (t *counters) applyAt(w []float32, kept []int32, delta []float32, l limit) {
	for n, i := range kept {
		m0, stored := simd.ApplyOne(&w[i], delta[n], l.scale, l.bound, &t.m1[i%simd.Lanes])
		t.m0 += m0
		t.stored += stored
	}
}

// scatter writes the updates of the synapses kept to a dense array that starts at
// synapse lo. The others get -0: adding it changes no number, not even the sign of
// a zero.
func scatter(dense []float32, lo int, kept []int32, delta []float32) {
	for i := range dense {
		dense[i] = negativeZero
	}
	for n, i := range kept {
		dense[int(i)-lo] = delta[n]
	}
}

var negativeZero = float32(math.Copysign(0, -1))
