package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// patches lays out what the kernels of a convolution see: x [B,pixels] becomes
// [B·positions,inputs], with zeros for what lies outside. The convolution is then
// the product of a dense layer, whose gradient is that of shared weights.
type patches struct{ field }

var _ differentiable = patches{}

func (f patches) String() string { return fmt.Sprintf("Patches{%+v}", f.field) }

func (patches) ranks() ([]int, int) { return []int{2}, 2 }

func (f patches) shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][1] != f.pixels() {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B,%d]", f, in[0], f.pixels())
	}
	return tensor.Shape{in[0][0] * f.positions(), f.inputs()}, nil
}

// evaluate asks for each number of a patch which one of the image it is.
func (f patches) evaluate(out []float64, in []array) {
	at := 0
	for b := range in[0].shape[0] {
		image := in[0].data[b*f.pixels() : (b+1)*f.pixels()]
		for position := range f.positions() {
			for i := range f.inputs() {
				if pixel, inside := f.pixel(position, i); inside {
					out[at] = image[pixel]
				}
				at++
			}
		}
	}
}

func (f patches) compile(c *compiler, out []float32, in []operand) func() {
	return layAll(c, f.field, out, in[0])
}

// layAll returns a function that writes the patches of all images x.
func layAll(c *compiler, f field, patches []float32, x operand) func() {
	size := f.positions() * f.inputs()
	return c.images(x.shape[0], size, func(b int) {
		f.lay(patches[b*size:(b+1)*size], x.data[b*f.pixels():(b+1)*f.pixels()])
	})
}

// lay writes the patches of one image. What lies outside is zero from the start.
func (f field) lay(patches, image []float32) {
	columns, inputs, whole := f.columns(), f.inputs(), f.side*f.depth
	f.strips(func(patch, line int) {
		for column := range columns {
			if inside := column >= f.padding && column < columns-f.padding; inside {
				left := line + (column-f.padding)*f.depth
				move(patches[patch:patch+whole], image[left:left+whole])
			} else {
				from, to, left := f.overlap(column)
				copy(patches[patch+from:patch+to], image[line+left+from:])
			}
			patch += inputs
		}
	})
}

// move copies src to dst, of equal length. Kernels that see one number at a place have
// rows so short that a call of copy takes longer than they do.
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

func (patches) wrt() []bool { return []bool{true} }

func (f patches) gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dx, err := apply(patchesError(f), grad)
	return G.Nodes{dx}, err
}

// patchesError is the derivative of patches: an image gets, for each of its
// numbers, the sum of the errors [B·positions,inputs] of where that was seen.
type patchesError struct{ field }

func (f patchesError) String() string { return fmt.Sprintf("PatchesError{%+v}", f.field) }

func (patchesError) ranks() ([]int, int) { return []int{2}, 2 }

func (f patchesError) shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0]%f.positions() != 0 || in[0][1] != f.inputs() {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B·%d,%d]", f, in[0], f.positions(), f.inputs())
	}
	return tensor.Shape{in[0][0] / f.positions(), f.pixels()}, nil
}

func (f patchesError) evaluate(dx []float64, in []array) {
	for at, d := range in[0].data {
		row, i := at/f.inputs(), at%f.inputs()
		if pixel, inside := f.pixel(row%f.positions(), i); inside {
			dx[row/f.positions()*f.pixels()+pixel] += d
		}
	}
}

func (f patchesError) compile(c *compiler, dx []float32, in []operand) func() {
	errors, size := in[0].data, f.positions()*f.inputs()
	return c.images(in[0].shape[0]/f.positions(), size, func(b int) {
		f.collect(dx[b*f.pixels():(b+1)*f.pixels()], errors[b*size:(b+1)*size])
	})
}

// collect adds up the errors of one image.
func (f field) collect(image, errors []float32) {
	clear(image)
	columns, inputs := f.columns(), f.inputs()
	f.strips(func(patch, line int) {
		for column := range columns {
			from, to, left := f.overlap(column)
			simd.AddScaled(image[line+left+from:line+left+to], errors[patch+from:patch+to], 1)
			patch += inputs
		}
	})
}

// images returns a function that calls body for each presentation of a batch, of
// which each is so much work.
func (c *compiler) images(batch, work int, body func(b int)) func() {
	parts := min(max(batch*work/grain, 1), batch)
	part := func(i int) {
		lo, hi := parallel.Split(batch, parts, i)
		for b := lo; b < hi; b++ {
			body(b)
		}
	}
	return func() { c.pool.Run(parts, part) }
}
