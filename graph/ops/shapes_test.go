package ops_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/ops"
)

func TestShapesThatDoNotFitAreErrors(t *testing.T) {
	g := G.NewGraph()
	matrix := func(name string, shape ...int) *G.Node {
		return G.NewMatrix(g, tensor.Float32, G.WithName(name), G.WithShape(shape...))
	}
	if _, err := (ops.Dense{Activation: activation.Linear{}}).Node(matrix("x", 2, 3), matrix("w", 4, 5), nil); err == nil {
		t.Error("no error for x [2,3] with W [4,5]")
	}
	if _, err := (loss.MSE{}).Node(matrix("y", 2, 3), matrix("t", 2, 4)); err == nil {
		t.Error("no error for output [2,3] with target [2,4]")
	}
}
