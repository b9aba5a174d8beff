package graph

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/internal/blas"
)

// inputError is dx = dz·Wᵀ: dz [B,O], W [I,O], dx [B,I].
//
// The units whose errors are wanted may be fewer than all ([Program.Want]).
type inputError struct{ wanted *wanted }

func (inputError) String() string { return "InputError" }

func (inputError) ranks() ([]int, int) { return []int{2, 2}, 2 }

func (f inputError) shape(in []tensor.Shape) (tensor.Shape, error) {
	dz, w := in[0], in[1]
	if dz[1] != w[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want dz [B,O], W [I,O]", f, in)
	}
	return tensor.Shape{dz[0], w[0]}, nil
}

func (inputError) evaluate(dx []float64, in []array) {
	dz, w := in[0], in[1]
	B, I, O := dz.shape[0], w.shape[0], dz.shape[1]
	for b := range B {
		for i := range I {
			for o := range O {
				dx[b*I+i] += dz.data[b*O+o] * w.data[i*O+o]
			}
		}
	}
}

func (f inputError) compile(c *compiler, dx []float32, in []operand) func() {
	dz, w := in[0], in[1]
	if dz.shape[0] == 1 {
		return f.wanted.compile(c, dx, dz, w, c.singleError(dx, dz.data, w.data))
	}
	all := blas.Product{
		Library: c.library, Pool: c.pool, M: dz.shape[0], N: w.shape[0], K: dz.shape[1],
		TransB: true, A: dz.data, B: w.data, C: dx,
	}.Compile()
	return f.wanted.compile(c, dx, dz, w, all)
}

func (inputError) lower(l *lowering, dx deviceOperand, in []deviceOperand) error {
	l.multiply(dx, in[0], false, in[1], true)
	return nil
}
