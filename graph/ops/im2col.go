package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/convolve"
)

// Im2Col lays out the patches that the kernels of a convolution see: x [B,Pixels] becomes
// [B·Positions,Inputs], with zeros for what lies outside the image. The convolution is
// then a [Dense] layer on patches; the gradient of its weights, which all positions share,
// is the sum over the rows.
type Im2Col struct{ convolve.Geometry }

var _ op.Differentiable = Im2Col{}

func (f Im2Col) String() string { return fmt.Sprintf("Im2Col{%+v}", f.Geometry) }

// Ranks implements op.Formula.
func (Im2Col) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f Im2Col) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][1] != f.Pixels() {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B,%d]", f, in[0], f.Pixels())
	}
	return tensor.Shape{in[0][0] * f.Positions(), f.Inputs()}, nil
}

// Evaluate implements op.Formula: it looks up each number of a patch in the image.
func (f Im2Col) Evaluate(out []float64, in []op.Array) {
	at := 0
	for b := range in[0].Shape[0] {
		image := in[0].Data[b*f.Pixels() : (b+1)*f.Pixels()]
		for position := range f.Positions() {
			for i := range f.Inputs() {
				if pixel, inside := f.Pixel(position, i); inside {
					out[at] = image[pixel]
				}
				at++
			}
		}
	}
}

// Compile implements op.Formula.
func (f Im2Col) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	return op.CompileIm2Col(c, f.Geometry, out, in[0])
}

// WRT implements op.Differentiable.
func (Im2Col) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f Im2Col) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dx, err := op.Apply(Col2Im(f), grad)
	return G.Nodes{dx}, err
}

// Col2Im is the derivative of [Im2Col]: each number of an image gets the sum of the
// errors [B·Positions,Inputs] of all places where a kernel saw it.
type Col2Im struct{ convolve.Geometry }

func (f Col2Im) String() string { return fmt.Sprintf("Col2Im{%+v}", f.Geometry) }

// Ranks implements op.Formula.
func (Col2Im) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f Col2Im) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0]%f.Positions() != 0 || in[0][1] != f.Inputs() {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B·%d,%d]", f, in[0], f.Positions(), f.Inputs())
	}
	return tensor.Shape{in[0][0] / f.Positions(), f.Pixels()}, nil
}

// Evaluate implements op.Formula.
func (f Col2Im) Evaluate(dx []float64, in []op.Array) {
	for at, d := range in[0].Data {
		row, i := at/f.Inputs(), at%f.Inputs()
		if pixel, inside := f.Pixel(row%f.Positions(), i); inside {
			dx[row/f.Positions()*f.Pixels()+pixel] += d
		}
	}
}

// Compile implements op.Formula.
func (f Col2Im) Compile(c *op.Compiler, dx []float32, in []op.Operand) func() {
	errors, size := in[0].Data, f.Positions()*f.Inputs()
	return c.Images(in[0].Shape[0]/f.Positions(), size, func(b int) {
		f.Col2Im(dx[b*f.Pixels():(b+1)*f.Pixels()], errors[b*size:(b+1)*size])
	})
}
