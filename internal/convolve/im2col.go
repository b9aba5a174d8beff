package convolve

import "ergon/internal/simd"

// Im2Col writes the patches [Positions,Inputs] of an image: what a kernel sees at
// each position. Zeros around the image are not written; they are there already.
func (f Geometry) Im2Col(patches, image []float32) {
	columns, inputs, whole := f.Columns(), f.Inputs(), f.Side*f.Depth
	f.strips(func(patch, line int) {
		for column := range columns {
			if from, to, left := f.overlap(column); to-from == whole {
				move(patches[patch:patch+whole], image[line+left:line+left+whole])
			} else {
				copy(patches[patch+from:patch+to], image[line+left+from:])
			}
			patch += inputs
		}
	})
}

// move copies src to dst, of equal length. At depth 1 a kernel's row is so short that
// a call of copy takes longer than the copy itself.
func move(dst, src []float32) {
	switch len(dst) {
	case 3:
		*(*[3]float32)(dst) = [3]float32(src)
	case 5:
		*(*[5]float32)(dst) = [5]float32(src)
	case 7:
		*(*[7]float32)(dst) = [7]float32(src)
	default:
		copy(dst, src)
	}
}

// Col2Im is the transpose of Im2Col: each number of the image gets the sum of the
// errors [Positions,Inputs] of all places where a kernel saw it.
func (f Geometry) Col2Im(image, errors []float32) {
	clear(image)
	columns, inputs := f.Columns(), f.Inputs()
	f.strips(func(patch, line int) {
		for column := range columns {
			from, to, left := f.overlap(column)
			simd.AddScaled(image[line+left+from:line+left+to], errors[patch+from:patch+to], 1)
			patch += inputs
		}
	})
}
