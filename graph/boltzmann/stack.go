package boltzmann

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// stack puts matrices of one width on top of each other: presentations [B,V], chains [C,V]
// and, where there are offsets, these [1,V].
type stack struct{ matrices int }

var _ op.Formula = stack{}

func (f stack) String() string { return fmt.Sprintf("Stack{%d}", f.matrices) }

// Ranks implements op.Formula.
func (f stack) Ranks() (in []int, out int) {
	for range f.matrices {
		in = append(in, 2)
	}
	return in, 2
}

// Shape implements op.Formula.
func (f stack) Shape(in []tensor.Shape) (tensor.Shape, error) {
	rows := 0
	for _, s := range in {
		if s[1] != in[0][1] {
			return nil, fmt.Errorf("graph: %v of shapes %v: they must have one width", f, in)
		}
		rows += s[0]
	}
	return tensor.Shape{rows, in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (stack) Evaluate(out []float64, in []op.Array) {
	for _, a := range in {
		out = out[copy(out, a.Data):]
	}
}

// Compile implements op.Formula.
func (stack) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	var copies []func()
	for _, a := range in {
		to := out[:len(a.Data)]
		out = out[len(a.Data):]
		copies = append(copies, c.Elementwise(len(to), func(lo, hi int) { copy(to[lo:hi], a.Data[lo:hi]) }))
	}
	return func() {
		for _, run := range copies {
			run()
		}
	}
}
