package masks

import "math"

// Change is what a step did to a layer of synapses. Δw is the update the rule
// applies: after mask, clip and learning rate, before it is rounded into w.
type Change struct {
	M0     int64   // synapses with Δw ≠ 0
	M1     float64 // Σ |Δw|
	Stored int64   // synapses whose float32 value is another than before
}

// Add adds another change's counts.
func (c *Change) Add(d Change) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Stored += d.Stored
}

// chunk is the number of neighbouring synapses that are updated together. It
// is the unit of parallel work, and of summation: Σ|Δw| is added in float64 in
// eight lanes (synapse i of a chunk in lane i mod 8), the lanes of a chunk in
// pairs, the chunks in order. A masked synapse would add zero, so the sum is
// the same bits for every way of walking the same update: dense or sparse,
// scalar or in SIMD registers, on any number of cores.
const (
	chunk = 4096
	lanes = 8
)

// tally counts the changes of one chunk.
type tally struct {
	m0, stored int64
	m1         [lanes]float64
}

// change closes the tally.
func (t *tally) change() Change {
	l := &t.m1
	return Change{t.m0, ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7])), t.stored}
}

// limit is what a clip does to one update: scale it, then clamp it to ±bound.
type limit struct{ scale, bound float32 }

// applySpan clips the updates delta, adds them to w and counts them. The first
// synapse must be the first of a chunk.
func (t *tally) applySpan(w, delta []float32, l limit) {
	whole := len(delta) &^ (lanes - 1)
	t.applyLanes(w[:whole], delta[:whole], l)
	for i := whole; i < len(delta); i++ {
		t.applyOne(&w[i], delta[i], i, l)
	}
}

// applyLanes is applySpan for a multiple of eight synapses. The counters live
// in registers, one lane each.
func (t *tally) applyLanes(w, delta []float32, l limit) {
	m1 := t.m1
	var m0, stored int
	for len(delta) >= lanes && len(w) >= lanes {
		d, x := (*[lanes]float32)(delta), (*[lanes]float32)(w)
		delta, w = delta[lanes:], w[lanes:]
		for k := range lanes {
			update := clip(d[k]*l.scale, l.bound)
			before := x[k]
			after := before + update
			x[k] = after
			m1[k] += float64(magnitude(update))
			m0 += different(update, 0)
			stored += different(after, before)
		}
	}
	t.m1 = m1
	t.m0 += int64(m0)
	t.stored += int64(stored)
}

// applyAt is applySpan for the synapses kept; delta[n] belongs to kept[n].
func (t *tally) applyAt(w []float32, kept []int32, delta []float32, l limit) {
	delta = delta[:len(kept)]
	for n, i := range kept {
		t.applyOne(&w[i], delta[n], int(i), l)
	}
}

// applyOne clips, applies and counts the update of synapse i.
func (t *tally) applyOne(w *float32, delta float32, i int, l limit) {
	update := clip(delta*l.scale, l.bound)
	before := *w
	after := before + update
	*w = after
	t.m1[i&(lanes-1)] += float64(magnitude(update))
	t.m0 += int64(different(update, 0))
	t.stored += int64(different(after, before))
}

const signBit = 1 << 31

// magnitude is |d|.
func magnitude(d float32) float32 { return math.Float32frombits(math.Float32bits(d) &^ signBit) }

// clip clamps d to ±bound. A NaN stays one. Few updates reach the bound, so
// the branches are foreseen.
func clip(d, bound float32) float32 {
	if d > bound {
		return bound
	}
	if d < -bound {
		return -bound
	}
	return d
}

// different is 1 where a ≠ b, without a branch.
func different(a, b float32) (d int) {
	if a != b {
		d = 1
	}
	return d
}
