package ops

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/blas"
)

// WeightGradient is dW = xᵀ·dz: x [B,I], dz [B,O], dW [I,O].
type WeightGradient struct{}

func (WeightGradient) String() string { return "WeightGradient" }

// Ranks implements op.Formula.
func (WeightGradient) Ranks() ([]int, int) { return []int{2, 2}, 2 }

// Shape implements op.Formula.
func (f WeightGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, dz := in[0], in[1]
	if x[0] != dz[0] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want x [B,I], dz [B,O]", f, in)
	}
	return tensor.Shape{x[1], dz[1]}, nil
}

// Evaluate implements op.Formula.
func (WeightGradient) Evaluate(dw []float64, in []op.Array) {
	x, dz := in[0], in[1]
	B, I, O := x.Shape[0], x.Shape[1], dz.Shape[1]
	for i := range I {
		for o := range O {
			for b := range B {
				dw[i*O+o] += x.Data[b*I+i] * dz.Data[b*O+o]
			}
		}
	}
}

// Compile implements op.Formula.
func (WeightGradient) Compile(c *op.Compiler, dw []float32, in []op.Operand) func() {
	x, dz := in[0], in[1]
	if x.Shape[0] == 1 {
		return c.Outer(dw, x.Data, dz.Data)
	}
	return weightProduct(c, dw, x, dz).Compile()
}

// Lower implements device.Lowered.
func (WeightGradient) Lower(l *device.Lowering, dw device.Operand, in []device.Operand) error {
	l.Multiply(dw, in[0], true, in[1], false)
	return nil
}

// weightProduct is dW = xᵀ·dz: x [B,I], dz [B,O], dW [I,O].
func weightProduct(c *op.Compiler, dw []float32, x, dz op.Operand) blas.Product {
	return blas.Product{
		Library: c.Library, Pool: c.Pool, M: x.Shape[1], N: dz.Shape[1], K: x.Shape[0],
		TransA: true, A: x.Data, B: dz.Data, C: dw,
	}
}
