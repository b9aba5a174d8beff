package loss

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// Logits that are infinite or no numbers have no loss, and no gradient in their row.
func TestSoftmaxOfDivergedLogits(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, wild := range []float32{inf, -inf, float32(math.NaN())} {
		y := op.Operand{Data: []float32{wild, wild, wild, 0, 1, 2}, Shape: tensor.Shape{2, 3}}
		s := newSoftmax(y)
		s.compute(0, 2)
		if !math.IsNaN(s.logSum(0)) || !math.IsNaN(s.exps[1]) {
			t.Errorf("of %v: ln Σ e^y = %v, exponentials %v, want NaN", wild, s.logSum(0), s.exps[:3])
		}
		if want := logSumExp([]float64{0, 1, 2}); math.Abs(s.logSum(1)-want) > 1e-15 {
			t.Errorf("beside %v: ln Σ e^y = %v, want %v", wild, s.logSum(1), want)
		}
	}
}
