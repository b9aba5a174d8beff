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
			one = images{f.field, childrenOf(d.Graph, n)[0]}
		}
		all = append(all, one)
	}
	return all
}

// active counts for one image, sums over columns and then over rows that slide, in
// space that it returns.
func (f field) active(image []float32, counts, space []int32) []int32 {
	columns := f.columns()
	space = slices.Grow(space[:0], f.height*(f.width+columns)+columns)[:f.height*(f.width+columns)+columns]
	places, rest := space[:f.height*f.width], space[f.height*f.width:]
	sums, total := rest[:f.height*columns], rest[f.height*columns:]
	f.activePlaces(image, places)
	for y := range f.height {
		f.slide(sums[y*columns:(y+1)*columns], places[y*f.width:(y+1)*f.width])
	}
	clear(total)
	for y := -f.padding; y < f.height+f.padding; y++ {
		f.addLine(total, sums, y, 1)
		f.addLine(total, sums, y-f.side, -1)
		if row := y + f.padding - f.side + 1; row >= 0 {
			copy(counts[row*columns:(row+1)*columns], total)
		}
	}
	return space
}

// slide writes for each column of positions the sum over the places in its columns of
// one line.
func (f field) slide(sums, line []int32) {
	sum := int32(0)
	for c := -f.padding; c < f.width+f.padding; c++ {
		if c >= 0 && c < f.width {
			sum += line[c]
		}
		if gone := c - f.side; gone >= 0 {
			sum -= line[gone]
		}
		if column := c + f.padding - f.side + 1; column >= 0 {
			sums[column] = sum
		}
	}
}

// addLine adds the sums of a line of the image, or takes them away.
func (f field) addLine(total, sums []int32, y int, sign int32) {
	if y < 0 || y >= f.height {
		return
	}
	for c, n := range sums[y*len(total) : (y+1)*len(total)] {
		total[c] += sign * n
	}
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
