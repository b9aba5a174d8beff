package ops

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/blas"
)

// InputError is dx = dz·Wᵀ: dz [B,O], W [I,O], dx [B,I]. It may be limited to the
// units that are live.
type InputError struct{ Live *LiveUnits }

func (InputError) String() string { return "InputError" }

// Ranks implements op.Formula.
func (InputError) Ranks() ([]int, int) { return []int{2, 2}, 2 }

// Shape implements op.Formula.
func (f InputError) Shape(in []tensor.Shape) (tensor.Shape, error) {
	dz, w := in[0], in[1]
	if dz[1] != w[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want dz [B,O], W [I,O]", f, in)
	}
	return tensor.Shape{dz[0], w[0]}, nil
}

// Evaluate implements op.Formula.
func (InputError) Evaluate(dx []float64, in []op.Array) {
	dz, w := in[0], in[1]
	B, I, O := dz.Shape[0], w.Shape[0], dz.Shape[1]
	for b := range B {
		for i := range I {
			for o := range O {
				dx[b*I+i] += dz.Data[b*O+o] * w.Data[i*O+o]
			}
		}
	}
}

// Compile implements op.Formula.
func (f InputError) Compile(c *op.Compiler, dx []float32, in []op.Operand) func() {
	dz, w := in[0], in[1]
	if dz.Shape[0] == 1 {
		return f.Live.compile(c, dx, dz, w, c.GEMVT(dx, dz.Data, w.Data), func() {})
	}
	return f.Live.compile(c, dx, dz, w, f.product(c, dx, dz, w).Compile(), func() {})
}

// product is dx = dz·Wᵀ of a batch.
func (f InputError) product(c *op.Compiler, dx []float32, dz, w op.Operand) blas.Product {
	return blas.Product{
		Library: c.Library, Pool: c.Pool, M: dz.Shape[0], N: w.Shape[0], K: dz.Shape[1],
		TransB: true, A: dz.Data, B: w.Data, C: dx,
	}
}

// CompileWithActivationError returns a function that computes the errors of the summed inputs below, (dz·Wᵀ) ⊙ f'(v),
// of a batch: each block of dz·Wᵀ is multiplied by f' in its place, while it is in cache. v is what f's Derivative takes.
func (f InputError) CompileWithActivationError(c *op.Compiler, a activation.Activation, below []float32, dz, w, v op.Operand) func() {
	multiply := func(lo, hi int) { activation.Backward(a, below[lo:hi], below[lo:hi], v.Data[lo:hi]) }
	p := f.product(c, below, dz, w)
	p.Epilogue = func(r0, r1, c0, c1 int) {
		if c1-c0 == p.N {
			multiply(r0*p.N, r1*p.N)
			return
		}
		for r := r0; r < r1; r++ {
			multiply(r*p.N+c0, r*p.N+c1)
		}
	}
	return f.Live.compile(c, below, dz, w, p.Compile(), c.Elementwise(len(below), multiply))
}

// Lower implements device.Lowered.
func (InputError) Lower(l *device.Lowering, dx device.Operand, in []device.Operand) error {
	l.Multiply(dx, in[0], false, in[1], true)
	return nil
}
