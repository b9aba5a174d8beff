package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/simd"
)

// AveragePool is the mean of each channel over so many positions: y [B,Positions·C]
// becomes [B,C].
type AveragePool struct{ Positions int }

var _ op.Differentiable = AveragePool{}

func (f AveragePool) String() string { return fmt.Sprintf("AveragePool{%d}", f.Positions) }

// Ranks implements op.Formula.
func (AveragePool) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f AveragePool) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][1]%f.Positions != 0 {
		return nil, fmt.Errorf("graph: %v of shape %v: want [B,%d·C]", f, in[0], f.Positions)
	}
	return tensor.Shape{in[0][0], in[0][1] / f.Positions}, nil
}

// Evaluate implements op.Formula.
func (f AveragePool) Evaluate(means []float64, in []op.Array) {
	units := in[0].Shape[1]
	channels := units / f.Positions
	for i, y := range in[0].Data {
		means[i/units*channels+i%units%channels] += y / float64(f.Positions)
	}
}

// Compile implements op.Formula.
func (f AveragePool) Compile(c *op.Compiler, means []float32, in []op.Operand) func() {
	y, B, units := in[0].Data, in[0].Shape[0], in[0].Shape[1]
	channels := units / f.Positions
	return c.Images(B, units, func(b int) {
		mean := means[b*channels : (b+1)*channels]
		simd.SumRows(mean, y[b*units:(b+1)*units], f.Positions, channels)
		for i := range mean {
			mean[i] /= float32(f.Positions)
		}
	})
}

// WRT implements op.Differentiable.
func (AveragePool) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f AveragePool) Gradients(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(AveragePoolError(f), grad)
	return G.Nodes{dy}, err
}

// AveragePoolError is the derivative of [AveragePool]: each position gets its share of the
// mean's error. d [B,C] becomes [B,Positions·C].
type AveragePoolError struct{ Positions int }

func (f AveragePoolError) String() string { return fmt.Sprintf("AveragePoolError{%d}", f.Positions) }

// Ranks implements op.Formula.
func (AveragePoolError) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f AveragePoolError) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][0], f.Positions * in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (f AveragePoolError) Evaluate(dy []float64, in []op.Array) {
	channels := in[0].Shape[1]
	for i := range dy {
		dy[i] = in[0].Data[i/(f.Positions*channels)*channels+i%channels] / float64(f.Positions)
	}
}

// Compile implements op.Formula.
func (f AveragePoolError) Compile(c *op.Compiler, dy []float32, in []op.Operand) func() {
	d, channels := in[0].Data, in[0].Shape[1]
	units := f.Positions * channels
	return c.Images(in[0].Shape[0], units, func(b int) {
		first := dy[b*units : b*units+channels]
		for i, e := range d[b*channels : (b+1)*channels] {
			first[i] = e / float32(f.Positions)
		}
		for p := 1; p < f.Positions; p++ {
			copy(dy[b*units+p*channels:], first)
		}
	})
}
