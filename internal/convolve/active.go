package convolve

import (
	"slices"

	"ergon/internal/simd"
)

// Active counts for one image, in space that it returns: as differences of the counts
// above and to the left of each place.
func (f Geometry) Active(image []float32, counts, space []int32) []int32 {
	places, width := f.Height*f.Width, f.Width+1
	need := 2*places + (f.Height+1)*width
	space = slices.Grow(space[:0], need)[:need]
	before := space[2*places:]
	f.sumsBefore(before, f.activePlaces(image, space[:places], space[places:2*places]))
	for row := range f.Rows() {
		lower := before[min(row-f.Padding+f.Side, f.Height)*width:][:width]
		upper := before[max(row-f.Padding, 0)*width:][:width]
		line := counts[row*f.Columns() : (row+1)*f.Columns()]
		for c := range line {
			left, right := max(c-f.Padding, 0), min(c-f.Padding+f.Side, f.Width)
			line[c] = lower[right] - lower[left] - upper[right] + upper[left]
		}
	}
	return space
}

// activePlaces counts the numbers at each place of an image that are not zero.
func (f Geometry) activePlaces(image []float32, places, plane []int32) []int32 {
	simd.NonzeroRows(places, image, f.Depth)
	for range f.Planes - 1 {
		image = image[len(places)*f.Depth:]
		simd.NonzeroRows(plane, image, f.Depth)
		for i, n := range plane {
			places[i] += n
		}
	}
	return places
}

// sumsBefore adds up places [height,width]: before [height+1,width+1] has the sums
// over the rows above and the columns to the left.
func (f Geometry) sumsBefore(before, places []int32) {
	width := f.Width + 1
	clear(before[:width])
	for y := range f.Height {
		above, line := before[y*width:][:width], before[(y+1)*width:][:width]
		sum := int32(0)
		line[0] = 0
		for x, n := range places[y*f.Width : (y+1)*f.Width] {
			sum += n
			line[x+1] = above[x+1] + sum
		}
	}
}
