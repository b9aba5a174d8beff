package ops

import (
	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/simd"
)

// ErrorSum is a formula of the gradient of biases: the sum of errors dz, its first input,
// perhaps with a correction.
type ErrorSum interface {
	op.Formula
	SumsErrors()
}

var _ ErrorSum = BiasGradient{}

// BiasGradient is db = Σ_batch dz: dz [B,O], db [O].
type BiasGradient struct{}

func (BiasGradient) String() string { return "BiasGradient" }

// SumsErrors implements ErrorSum.
func (BiasGradient) SumsErrors() {}

// Ranks implements op.Formula.
func (BiasGradient) Ranks() ([]int, int) { return []int{2}, 1 }

// Shape implements op.Formula.
func (BiasGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (BiasGradient) Evaluate(db []float64, in []op.Array) {
	B, O := in[0].Shape[0], in[0].Shape[1]
	for b := range B {
		for o := range O {
			db[o] += in[0].Data[b*O+o]
		}
	}
}

// Compile implements op.Formula.
func (BiasGradient) Compile(c *op.Compiler, db []float32, in []op.Operand) func() {
	const vector = 64 // columns that fill vector registers
	dz, B, O := in[0].Data, in[0].Shape[0], len(db)
	if B > tallRows {
		return sumTall(c, db, dz, B)
	}
	columns := max(2*op.Grain/B, 1)
	columns = (columns + vector - 1) / vector * vector
	return c.Chunks(O, columns, func(lo, hi int) { simd.SumRows(db[lo:hi], dz[lo:], B, O) })
}

// Lower implements device.Lowered.
func (BiasGradient) Lower(l *device.Lowering, db device.Operand, in []device.Operand) error {
	return l.SumColumns(db, in[0])
}

// tallRows is the most rows that one worker sums. Convolutions have many rows, and few
// columns that could be shared out instead.
const tallRows = 4096

// sumTall returns a function that sums rows of dz in chunks of tallRows, then the chunks'
// sums in their order.
func sumTall(c *op.Compiler, db, dz []float32, rows int) func() {
	O := len(db)
	chunks := (rows + tallRows - 1) / tallRows
	sums := make([]float32, chunks*O)
	chunk := func(i int) {
		lo, hi := i*tallRows, min((i+1)*tallRows, rows)
		simd.SumRows(sums[i*O:(i+1)*O], dz[lo*O:], hi-lo, O)
	}
	return func() {
		c.Pool.Run(chunks, chunk)
		simd.SumRows(db, sums, chunks, O)
	}
}
