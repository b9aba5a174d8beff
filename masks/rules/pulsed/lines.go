package pulsed

import (
	"fmt"
	"math"
	"slices"

	"ergon/internal/philox"
	"ergon/masks"
)

// lines are the pulses on the rows and columns of an array in one step, a word for each line and
// presentation: bit t is set if the line fires in slot t.
type lines struct {
	batch         int      // presentations
	rows, columns []uint64 // [batch,In] and [batch,Out]
	x, delta      []float32
}

// Watch implements Watching: it draws the pulses on all lines. It fails if rows of activities
// are not rows of the arrays, as those of a convolution.
func (o *optimizer) Watch(step *masks.Step) error {
	o.scratch.number, o.scratch.arrays = step.Number, step.Arrays
	for a, s := range step.Arrays {
		l := &o.scratch.lines[a]
		batch := step.Batch
		if batch != rowsOf(step.Errors, s.Layer, s.Out) || !s.Bias && batch != rowsOf(step.Activity, s.Layer, s.In) {
			return fmt.Errorf("pulsed: layer %d has no row of activities, and of errors, for each of %d presentations", s.Layer+1, step.Batch)
		}
		if l.batch, l.delta = batch, step.Errors[s.Layer]; s.Bias {
			l.x = ones(l.x, batch)
		} else {
			l.x = step.Activity[s.Layer]
		}
		l.rows, l.columns = cleared(l.rows, batch*s.In), cleared(l.columns, batch*s.Out)
		for b := range batch {
			o.fire(l, s, b)
		}
	}
	return nil
}

// rowsOf returns how many rows of so many units a layer has; -1 if there are none, or parts of some.
func rowsOf(all [][]float32, layer, units int) int {
	if layer >= len(all) || len(all[layer])%units != 0 {
		return -1
	}
	return len(all[layer]) / units
}

// fire draws the pulses of presentation b on the lines of an array.
func (o *optimizer) fire(l *lines, s *masks.Synapses, b int) {
	x, delta := l.x[b*s.In:][:s.In], l.delta[b*s.Out:][:s.Out]
	top, most, rate := largest(x), largest(delta), o.rate()
	wanted := rate * top * most / o.spec.Step // mean coincidences of the two strongest lines
	if !(wanted > 0) || math.IsInf(wanted, 1) {
		return // nothing to learn; or a network that has diverged
	}
	slots := min(float64(o.spec.Slots), math.Ceil(wanted))
	amplitude := math.Sqrt(rate / (o.spec.Step * slots))
	draw(o.rows[s.Index], o.scratch.number, b, x, amplitude*math.Sqrt(most/top), slots, l.rows)
	draw(o.columns[s.Index], o.scratch.number, b, delta, amplitude*math.Sqrt(top/most), slots, l.columns)
}

// draw draws the words of the lines of presentation b: line i fires in a slot with probability
// scale·|v_i|. Silent lines are left as they are.
func draw(s philox.Stream, number uint64, b int, v []float32, scale, slots float64, words []uint64) {
	for i, value := range v {
		if value == 0 {
			continue
		}
		at := b*len(v) + i
		words[at] = train(s, number, uint64(at), philox.Threshold(scale*math.Abs(float64(value))), int(slots))
	}
}

// train returns the pulses on a line: bit t is set where word 64·line+t of the stream is below the
// threshold, for t < slots. It draws the words of a few slots one block after the other, those of
// many at once.
func train(s philox.Stream, number, line, threshold uint64, slots int) (word uint64) {
	used := uint64(1)<<slots - 1
	if slots > 16 {
		var all [1]uint64
		s.Below(number, line, threshold, all[:])
		return all[0] & used
	}
	for t := 0; t < slots; t += 4 {
		for k, drawn := range s.Block(number, 16*line+uint64(t/4)) {
			if uint64(drawn) < threshold {
				word |= 1 << (t + k)
			}
		}
	}
	return word & used
}

// largest returns the largest magnitude.
func largest(v []float32) float64 {
	most := float32(0)
	for _, x := range v {
		most = max(most, x, -x)
	}
	return float64(most)
}

// cleared returns n zeros, in the storage of words if that suffices.
func cleared(words []uint64, n int) []uint64 {
	words = slices.Grow(words[:0], n)[:n]
	clear(words)
	return words
}

// ones returns n ones, in the storage of x if that suffices.
func ones(x []float32, n int) []float32 {
	x = slices.Grow(x[:0], n)[:n]
	for i := range x {
		x[i] = 1
	}
	return x
}
