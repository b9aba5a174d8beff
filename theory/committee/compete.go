package committee

import "ergon/internal/selection"

// compete marks the share p of the updates error·x, of the synapses onto as many units as
// there are errors, that are the largest: ⌊p·n⌋ of n, of equal ones the first. Updates of
// zero do not win.
func (d *Drawn) compete(p float64, x, errors []float64) {
	d.sizes = d.sizes[:0]
	for _, err := range errors {
		for _, x := range x {
			d.sizes = append(d.sizes, size(err, x))
		}
	}
	k := int(p*float64(len(d.sizes)) + 1e-9) // 0.29·100 is 28.999…
	if k == 0 {
		clear(d.memory)
		return
	}
	least, above := selection.KthLargest(d.sizes, k), 0
	for i, err := range errors {
		d.mark(i, func(j int) bool { return size(err, x[j]) > least })
		above += count(d.row(i))
	}
	for i, err := range errors {
		for j, x := range x {
			if least > 0 && above < k && size(err, x) == least {
				d.row(i)[j/64] |= 1 << (j % 64)
				above++
			}
		}
	}
}

// size is the key of an update.
func size(err, x float64) uint32 { return selection.Key(float32(err * x)) }
