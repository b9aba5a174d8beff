package ops

import (
	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/simd"
)

// BiasGradient is db = Σ_batch dz: dz [B,O], db [O].
type BiasGradient struct{}

func (BiasGradient) String() string { return "BiasGradient" }

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
	const vector = 64 // columns that are neighbours enough
	dz, B, O := in[0].Data, in[0].Shape[0], len(db)
	if B > op.TallRows {
		return c.SumRows(db, dz, B)
	}
	columns := max(2*op.Grain/B, 1)
	columns = (columns + vector - 1) / vector * vector
	return c.Parts(O, columns, func(lo, hi int) { simd.SumRows(db[lo:hi], dz[lo:], B, O) })
}

// Lower implements device.Lowered.
func (BiasGradient) Lower(l *device.Lowering, db device.Operand, in []device.Operand) error {
	return l.SumColumns(db, in[0])
}
