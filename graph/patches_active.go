package graph

import (
	"math"
	"slices"
	"sync"

	G "gorgonia.org/gorgonia"
)

// ActivePatches writes how many inputs of a kernel are not zero, at each position of
// presentations lo … hi-1, to active [(hi-lo)·Rows]. It looks at the images, of which
// the patches are many copies. It reports false, and writes nothing, where layer l
// is no convolution.
func (p *Program) ActivePatches(l, lo, hi int, active []int32) bool {
	if l >= len(p.images) || p.images[l].node == nil {
		return false
	}
	f := p.images[l].field
	images := float32s(p.images[l].node.Value())
	s := scratch.Get().(*[]int32)
	defer scratch.Put(s)
	for b := lo; b < hi; b++ {
		n := f.positions()
		*s = f.active(images[b*f.pixels():(b+1)*f.pixels()], active[:n], *s)
		active = active[n:]
	}
	return true
}

var scratch = sync.Pool{New: func() any { return new([]int32) }}

// images is what the kernels of a layer move over; none if node is nil.
type images struct {
	field field
	node  *G.Node
}

// findImages returns the images of each layer.
func (d *derivation) findImages() (all []images) {
	for _, n := range d.Inputs {
		var one images
		if f, ok := formulaOf(n).(patches); ok {
			children := d.Graph.From(n.ID())
			children.Next()
			one = images{f.field, children.Node().(*G.Node)}
		}
		all = append(all, one)
	}
	return all
}

// active counts for one image, column by column and then row by row, in space that
// it returns.
func (f field) active(image []float32, counts, space []int32) []int32 {
	columns := f.columns()
	space = slices.Grow(space[:0], f.height*(f.width+columns))[:f.height*(f.width+columns)]
	places, sums := space[:f.height*f.width], space[f.height*f.width:]
	f.activePlaces(image, places)
	for y := range f.height {
		line := places[y*f.width : (y+1)*f.width]
		for c := range columns {
			sum := int32(0)
			for _, n := range line[max(c-f.padding, 0):min(c-f.padding+f.side, f.width)] {
				sum += n
			}
			sums[y*columns+c] = sum
		}
	}
	for row := range f.rows() {
		line := counts[row*columns : (row+1)*columns]
		clear(line)
		for y := max(row-f.padding, 0); y < min(row-f.padding+f.side, f.height); y++ {
			for c, n := range sums[y*columns : (y+1)*columns] {
				line[c] += n
			}
		}
	}
	return space
}

// activePlaces counts the numbers at each place of an image that are not zero.
func (f field) activePlaces(image []float32, places []int32) {
	clear(places)
	for len(image) > 0 {
		for i := range places {
			n := int32(0)
			for _, v := range image[:f.depth] {
				if math.Float32bits(v)<<1 != 0 { // v ≠ 0, without a branch
					n++
				}
			}
			places[i] += n
			image = image[f.depth:]
		}
	}
}
