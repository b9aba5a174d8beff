package models_test

import (
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/graphtest"
	"ergon/graph/models"
)

// A perceptron learns from a pattern that is on the wrong side or exactly on
// the border, and from no other: the gradient is -t·x or 0. Central differences
// cannot see the border.
func TestPerceptronRule(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		for _, c := range []struct {
			weights []float32
			target  float32
			want    []float32
			loss    float64
		}{
			{[]float32{0, 0, 0}, 1, []float32{-1, 1, -1}, 0},
			{[]float32{0, 0, 0}, -1, []float32{1, -1, 1}, 0},
			{[]float32{1, 0, 0}, 1, []float32{0, 0, 0}, 0},
			{[]float32{1, 0, 0}, -1, []float32{1, -1, 1}, 1},
			{[]float32{1, 1, 0}, -1, []float32{1, -1, 1}, 0}, // 1 - 1: on the border
			{[]float32{0, 2, 0}, 1, []float32{-1, 1, -1}, 2},
		} {
			model, err := (&models.Perceptron{}).New(3, 1, 0)
			if err != nil {
				t.Fatal(err)
			}
			copy(model.Layers()[0].W, c.weights)
			p, err := graph.CompileTraining(model, e, 1, graph.Backward{})
			if err != nil {
				t.Fatal(err)
			}
			copy(p.X, []float32{1, -1, 1})
			p.Target[0] = c.target
			if err := p.Run(); err != nil {
				t.Fatal(err)
			}
			value, err := p.Parameters()[0].Grad()
			if err != nil {
				t.Fatal(err)
			}
			if got := value.(*tensor.Dense).Float32s(); !slices.Equal(got, c.want) || p.LossValue() != c.loss {
				t.Errorf("%s: weights %v, target %v: gradient %v, loss %v; want %v, %v", name, c.weights, c.target, got, p.LossValue(), c.want, c.loss)
			}
		}
	}
}

func TestPerceptronHasOneOutput(t *testing.T) {
	if _, err := (&models.Perceptron{}).New(784, 10, 0); err == nil {
		t.Error("no error for a perceptron of ten outputs")
	}
	model, err := (&models.Perceptron{Bias: true}).New(5, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if n := graph.Parameters(model); n != 6 {
		t.Errorf("%d synapses with a bias, want 6", n)
	}
}
