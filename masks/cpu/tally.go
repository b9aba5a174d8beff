package cpu

import (
	"math"

	"ergon/internal/simd"
	"ergon/masks"
)

// counters counts the changes of one chunk.
type counters struct {
	m0, stored int
	m1         [simd.Lanes]float64
}

// change closes the tally.
func (t *counters) change() masks.Change {
	l := &t.m1
	return masks.Change{
		M0: int64(t.m0), M1: ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7])), Stored: int64(t.stored),
	}
}

// limit is what a clip does to one update: scale it, then clamp it to ±bound.
type limit struct{ scale, bound float32 }

// applySpan clips the updates delta, adds them to w and counts them. The first
// synapse must be the first of a chunk.
func (t *counters) applySpan(w, delta []float32, l limit) {
	t.m0, t.stored = simd.Apply(w, delta, l.scale, l.bound, &t.m1)
}

// applyAt is applySpan for the synapses kept; delta[n] belongs to kept[n].
func (t *counters) applyAt(w []float32, kept []int32, delta []float32, l limit) {
	for n, i := range kept {
		m0, stored := simd.ApplyOne(&w[i], delta[n], l.scale, l.bound, &t.m1[i%simd.Lanes])
		t.m0 += m0
		t.stored += stored
	}
}

// scatter puts the updates of the synapses kept into their places in a dense
// array that starts at synapse lo. The others get -0, the number whose addition
// changes none, not even the sign of a zero.
func scatter(dense []float32, lo int, kept []int32, delta []float32) {
	for i := range dense {
		dense[i] = negativeZero
	}
	for n, i := range kept {
		dense[int(i)-lo] = delta[n]
	}
}

var negativeZero = float32(math.Copysign(0, -1))
