package cpu

import (
	"ergon/internal/simd"
	"ergon/masks"
)

// counters counts the changes of one chunk, as masks.Change.
type counters struct {
	m0, stored int
	kept       int       // synapses that the masks keep, if something is remembered of them
	sums       simd.Sums // Σ|Δw| and Σ Δw·force of synapse i in lane i mod 8
}

// change returns what was counted, with the work in units of Δw·force.
func (t *counters) change() masks.Change {
	return masks.Change{M0: int64(t.m0), M1: pairwise(&t.sums.M1), Stored: int64(t.stored), Work: pairwise(&t.sums.Work)}
}

// pairwise adds up lanes, in pairs.
func pairwise(l *[simd.Lanes]float64) float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

// perForce returns what Δw·force is multiplied by to be -Δw·g. Where Δw before the clip is
// factor·g, it stands for the force: g need then not be in memory. Otherwise the force
// is g.
func (u *Updater) perForce() float64 {
	switch {
	case u.proportional == nil:
		return -1
	case u.factor == 0:
		return 0 // Δw is 0
	}
	return -1 / float64(u.factor)
}

// limit is what the clip does to an array's updates: multiply by scale, then clamp to
// ±bound.
type limit struct{ scale, bound float32 }

// applySpan clips the updates delta, adds them to synapses [lo,hi) of an array and counts them.
// lo must be in the lane of the first synapse of the chunk.
func (t *counters) applySpan(a *array, lo, hi int, delta, force []float32) {
	m0, stored := simd.Apply(a.target[lo:hi], delta, force, a.limit.scale, a.limit.bound, &t.sums)
	t.m0 += m0
	t.stored += stored
	if a.window != nil {
		countSpan(a.window[lo:hi], delta, a.limit.scale, m0)
	}
}

// applyAt is applySpan for the synapses kept: delta[n] and force[n] belong to synapse kept[n].
func (t *counters) applyAt(a *array, kept []int32, delta, force []float32) {
	for n, i := range kept {
		t.applyOne(a, int(i), int(i)%simd.Lanes, delta[n], force[n])
	}
}

// applyOne is applySpan for synapse i, with its lane of the sums.
func (t *counters) applyOne(a *array, i, lane int, delta, force float32) {
	m0, stored := simd.ApplyOne(&a.target[i], delta, force, a.limit.scale, a.limit.bound, &t.sums.M1[lane], &t.sums.Work[lane])
	t.m0 += m0
	t.stored += stored
	if a.window != nil {
		a.window[i] += uint8(m0)
	}
}
