// Package optest is the conformance suite of formulas: what an op is made of must
// pass it.
package optest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// Chunks tests that a formula's loops, which are cut into chunks where the inputs are
// large, compute its definition, and the same bits on any number of cores. Inputs of
// the given shapes are drawn from N(0, 1).
func Chunks(t *testing.T, f op.Formula, shapes ...tensor.Shape) {
	t.Helper()
	s := philox.New(1, "optest")
	var operands []op.Operand
	var arrays []op.Array
	for k, shape := range shapes {
		in := op.Operand{Data: make([]float32, max(shape.TotalSize(), 1)), Shape: shape}
		wide := op.Array{Data: make([]float64, len(in.Data)), Shape: shape}
		for i := range in.Data {
			in.Data[i] = float32(s.Normal(uint64(k), uint64(i)))
			wide.Data[i] = float64(in.Data[i])
		}
		operands, arrays = append(operands, in), append(arrays, wide)
	}
	shape, err := f.Shape(shapes)
	if err != nil {
		t.Fatal(err)
	}
	n := max(shape.TotalSize(), 1)
	want := make([]float64, n)
	f.Evaluate(want, arrays)
	tolerance := 0.0 // of float32 sums, too
	for _, w := range want {
		tolerance = max(tolerance, 1e-5*math.Abs(w))
	}
	var first []float32
	for _, workers := range []int{1, 3} {
		pool := parallel.New(workers)
		defer pool.Close()
		got := slices.Repeat([]float32{-77}, n)
		f.Compile(&op.Compiler{Pool: pool}, got, operands)()
		for i, w := range want {
			if d := math.Abs(float64(got[i]) - w); !(d <= tolerance) {
				t.Fatalf("%v, %d workers: [%d] = %v, want %v", f, workers, i, got[i], w)
			}
		}
		if first == nil {
			first = got
		}
		if fmt.Sprint(got) != fmt.Sprint(first) {
			t.Errorf("%v: %d workers give other numbers than one", f, workers)
		}
	}
}
