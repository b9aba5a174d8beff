package convolve

import (
	"slices"

	"ergon/internal/simd"
)

// Active counts the inputs of a kernel that are not zero, at each position over an
// image: counts [Positions]. It reads each number once, by way of a summed-area table.
// space is memory of an earlier call, or nil; it returns what it used.
func (f Geometry) Active(image []float32, counts, space []int32) []int32 {
	places, width := f.Height*f.Width, f.Width+1
	need := 2*places + (f.Height+1)*width
	space = slices.Grow(space[:0], need)[:need]
	table := space[2*places:]
	f.sumArea(table, f.activePlaces(image, space[:places], space[places:2*places]))
	for row := range f.Rows() {
		top := row*f.step() - f.Padding
		lower, upper := table[min(top+f.Side, f.Height)*width:][:width], table[max(top, 0)*width:][:width]
		line := counts[row*f.Columns() : (row+1)*f.Columns()]
		for c := range line {
			first := c*f.step() - f.Padding
			left, right := max(first, 0), min(first+f.Side, f.Width)
			line[c] = lower[right] - lower[left] - upper[right] + upper[left]
		}
	}
	return space
}

// activePlaces counts the numbers that are not zero at each pixel, over all planes and
// the depth; plane is memory to work in.
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

// sumArea writes the summed-area table [Height+1,Width+1] of places [Height,Width]:
// each entry is the sum over the rows above it and the columns to its left.
func (f Geometry) sumArea(table, places []int32) {
	width := f.Width + 1
	clear(table[:width])
	for y := range f.Height {
		above, line := table[y*width:][:width], table[(y+1)*width:][:width]
		sum := int32(0)
		line[0] = 0
		for x, n := range places[y*f.Width : (y+1)*f.Width] {
			sum += n
			line[x+1] = above[x+1] + sum
		}
	}
}
