package pulsed

import (
	"math"
	"math/bits"

	"ergon/masks"
)

// Update implements Optimizer: presentations move the weight one after the other.
func (o *optimizer) Update(array, i int, _ float32) float32 {
	l, s := &o.scratch.lines[array], o.scratch.arrays[array]
	row, column, w := i/s.Out, i%s.Out, s.Weights[i]
	moved := w
	for b := range l.batch {
		if both := l.rows[b*s.In+row] & l.columns[b*s.Out+column]; both != 0 {
			moved = o.pulse(array, b, i, bits.OnesCount64(both), moved)
		}
	}
	return moved - w
}

// pulse returns the weight w of synapse i after n coincidences in presentation b. The conversions
// forbid fused multiply-add.
func (o *optimizer) pulse(array, b, i, n int, w float32) float32 {
	l, s := &o.scratch.lines[array], o.scratch.arrays[array]
	pulses := float32(n)
	if o.spec.Cycle > 0 {
		var xi [1]float32
		o.cycles[array].Normals(o.scratch.number, uint64(b*s.In*s.Out+i), xi[:])
		pulses += float32(float32(o.spec.Cycle*math.Sqrt(float64(n))) * xi[0])
	}
	amount := o.devices[array][i] * pulses
	if (l.x[b*s.In+i/s.Out] > 0) == (l.delta[b*s.Out+i%s.Out] > 0) {
		amount = -amount
	}
	return w + masks.Within(w, amount, o.bound)
}

// Moved implements Sparse: synapses whose lines coincide in a slot.
func (o *optimizer) Moved(array, lo, hi int, moved []int32) []int32 {
	l, s := &o.scratch.lines[array], o.scratch.arrays[array]
	for first := lo; first < hi; {
		row := first / s.Out
		end := min((row+1)*s.Out, hi)
		if l.batch == 1 {
			moved = coincident(l.rows[row], l.columns[first-row*s.Out:end-row*s.Out], first, moved)
			first = end
			continue
		}
		for ; first < end; first++ {
			for b := range l.batch {
				if l.rows[b*s.In+row]&l.columns[b*s.Out+first-row*s.Out] != 0 {
					moved = append(moved, int32(first))
					break
				}
			}
		}
	}
	return moved
}

// coincident appends the synapses of a row, from number first on, whose columns fire when it does.
func coincident(row uint64, columns []uint64, first int, moved []int32) []int32 {
	if row == 0 {
		return moved
	}
	for k, column := range columns {
		if row&column != 0 {
			moved = append(moved, int32(first+k))
		}
	}
	return moved
}

// UpdateSpan implements Vectorized.
func (o *optimizer) UpdateSpan(array, lo int, _, delta []float32) {
	if o.scratch.lines[array].batch == 1 {
		o.updateMoved(array, lo, delta)
		return
	}
	out := o.scratch.arrays[array].Out
	for at := 0; at < len(delta); {
		end := min(at+out-(lo+at)%out, at+rowSpan, len(delta))
		o.updateRow(array, lo+at, delta[at:end])
		at = end
	}
}

// updateMoved is UpdateSpan of a single presentation, few of whose pulses coincide.
func (o *optimizer) updateMoved(array, lo int, delta []float32) {
	clear(delta)
	for at := 0; at < len(delta); {
		var moved [256]int32
		end := min(at+len(moved), len(delta))
		for _, i := range o.Moved(array, lo+at, lo+end, moved[:0]) {
			delta[int(i)-lo] = o.Update(array, int(i), 0)
		}
		at = end
	}
}

// rowSpan is how many synapses of a row are updated together.
const rowSpan = 512

// updateRow is UpdateSpan of synapses of one row in a batch: presentations in which the row is silent are
// passed over at once, and pulses come to each synapse in the order of presentations all the same.
func (o *optimizer) updateRow(array, lo int, delta []float32) {
	l, s := &o.scratch.lines[array], o.scratch.arrays[array]
	row, column := lo/s.Out, lo%s.Out
	var moved [rowSpan]float32
	w := s.Weights[lo : lo+len(delta)]
	copy(moved[:], w)
	for b := range l.batch {
		fires := l.rows[b*s.In+row]
		if fires == 0 {
			continue
		}
		for k, line := range l.columns[b*s.Out+column:][:len(delta)] {
			if both := fires & line; both != 0 {
				moved[k] = o.pulse(array, b, lo+k, bits.OnesCount64(both), moved[k])
			}
		}
	}
	for k := range delta {
		delta[k] = moved[k] - w[k]
	}
}

// UpdateAt implements Vectorized.
func (o *optimizer) UpdateAt(array int, kept []int32, _, delta []float32) {
	for n, i := range kept {
		delta[n] = o.Update(array, int(i), 0)
	}
}
