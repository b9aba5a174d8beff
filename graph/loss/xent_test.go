package loss

import (
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// Saturated and extreme logits keep the loss and its gradient finite.
func TestCrossEntropyIsStable(t *testing.T) {
	y, target := op.Array{Data: []float64{1000, 0, -1000}, Shape: tensor.Shape{1, 3}}, op.Array{Data: []float64{0, 0, 1}, Shape: tensor.Shape{1, 3}}
	loss, gradient := []float64{0}, make([]float64, 3)
	crossEntropy{}.Evaluate(loss, []op.Array{y, target})
	crossEntropyGradient{}.Evaluate(gradient, []op.Array{y, target, {Data: []float64{1}}})
	if loss[0] != 2000 || gradient[0] != 1 || gradient[1] != 0 || gradient[2] != -1 {
		t.Errorf("loss %v and gradient %v, want 2000 and [1 0 -1]", loss[0], gradient)
	}
}
