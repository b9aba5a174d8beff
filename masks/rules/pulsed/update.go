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

// UpdateSpan implements Vectorized: of a single presentation, rows that do not fire are passed over.
func (o *optimizer) UpdateSpan(array, lo int, _, delta []float32) {
	l, s := &o.scratch.lines[array], o.scratch.arrays[array]
	if l.batch > 1 {
		for k := range delta {
			delta[k] = o.Update(array, lo+k, 0)
		}
		return
	}
	clear(delta)
	for first := lo; first < lo+len(delta); {
		row := first / s.Out
		end := min((row+1)*s.Out, lo+len(delta))
		if fired := l.rows[row]; fired != 0 {
			for k, column := range l.columns[first-row*s.Out : end-row*s.Out] {
				if fired&column != 0 {
					delta[first-lo+k] = o.Update(array, first+k, 0)
				}
			}
		}
		first = end
	}
}

// UpdateAt implements Vectorized.
func (o *optimizer) UpdateAt(array int, kept []int32, _, delta []float32) {
	for n, i := range kept {
		delta[n] = o.Update(array, int(i), 0)
	}
}
