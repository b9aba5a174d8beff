package graph

import (
	"slices"
	"sync"

	G "gorgonia.org/gorgonia"

	"ergon/internal/simd"
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

// active counts for one image, in space that it returns: as differences of the counts
// above and to the left of each place.
func (f field) active(image []float32, counts, space []int32) []int32 {
	places, width := f.height*f.width, f.width+1
	need := 2*places + (f.height+1)*width
	space = slices.Grow(space[:0], need)[:need]
	before := space[2*places:]
	f.activeBefore(before, f.activePlaces(image, space[:places], space[places:2*places]))
	for row := range f.rows() {
		lower := before[min(row-f.padding+f.side, f.height)*width:][:width]
		upper := before[max(row-f.padding, 0)*width:][:width]
		line := counts[row*f.columns() : (row+1)*f.columns()]
		for c := range line {
			left, right := max(c-f.padding, 0), min(c-f.padding+f.side, f.width)
			line[c] = lower[right] - lower[left] - upper[right] + upper[left]
		}
	}
	return space
}

// activePlaces counts the numbers at each place of an image that are not zero.
func (f field) activePlaces(image []float32, places, plane []int32) []int32 {
	simd.NonzeroRows(places, image, f.depth)
	for range f.planes - 1 {
		image = image[len(places)*f.depth:]
		simd.NonzeroRows(plane, image, f.depth)
		for i, n := range plane {
			places[i] += n
		}
	}
	return places
}

// activeBefore adds up places [height,width]: before [height+1,width+1] has the sums
// over the rows above and the columns to the left.
func (f field) activeBefore(before, places []int32) {
	width := f.width + 1
	clear(before[:width])
	for y := range f.height {
		above, line := before[y*width:][:width], before[(y+1)*width:][:width]
		sum := int32(0)
		line[0] = 0
		for x, n := range places[y*f.width : (y+1)*f.width] {
			sum += n
			line[x+1] = above[x+1] + sum
		}
	}
}
