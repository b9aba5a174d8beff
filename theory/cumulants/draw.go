package cumulants

import (
	"fmt"

	"ergon/internal/schema"
	"ergon/masks"
)

// draw draws the masks of a rule and writes them out.
type draw struct {
	masks   []masks.Mask
	arrays  []*masks.Synapses
	number  uint64      // of the next draw
	plastic [][]float32 // M, 0 or 1 [arrays][n]
	kept    []int32     // scratch
}

func newDraw(specs []masks.MaskSpec, net masks.Network, seed uint64) (*draw, error) {
	d := &draw{arrays: synapses(net)}
	for i, spec := range specs {
		m, err := spec.New(net, seed, fmt.Sprintf("mask/%d", i))
		if err != nil {
			return nil, schema.Under(fmt.Sprintf("rule.mask[%d]", i), err)
		}
		d.masks = append(d.masks, m)
	}
	for _, s := range d.arrays {
		d.plastic = append(d.plastic, make([]float32, s.In*s.Out))
	}
	return d, nil
}

// next draws the masks of a step.
func (d *draw) next() error {
	for _, plastic := range d.plastic {
		for i := range plastic {
			plastic[i] = 1
		}
	}
	step := &masks.Step{Number: d.number, Arrays: d.arrays}
	d.number++
	for _, m := range d.masks {
		if err := m.Begin(step); err != nil {
			return err
		}
		for a, s := range d.arrays {
			if !m.KeepsAll(s) {
				d.intersect(m, a)
			}
		}
	}
	return nil
}

// intersect clears what a mask does not keep of an array.
func (d *draw) intersect(m masks.Mask, a int) {
	plastic := d.plastic[a]
	d.kept = m.Select(d.arrays[a], 0, len(plastic), d.kept[:0])
	next := 0
	for _, i := range d.kept {
		clear(plastic[next:i])
		next = int(i) + 1
	}
	clear(plastic[next:])
}
