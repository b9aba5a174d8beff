package quasistatic

import (
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/philox"
)

// elastic is a network of tanh units whose outputs are softer by ratio.
func elastic(f activation.Activation, ratio float64, hidden ...int) *Spec {
	return &Spec{
		Hidden: hidden, Activation: f, Output: activation.Linear{}, Bias: "true", Init: models.LeCun{},
		KappaHidden: 1, KappaOutput: ratio, Residual: 1e-6, Iterations: 500, Stuck: "error",
	}
}

// clampedRun is a clamped network in float64, by the definition of every formula.
type clampedRun struct {
	t          *testing.T
	expression *graph.Expression
	machine    G.VM
	arrays     [][]float64 // weights, and biases where there are, layer by layer
	gradients  G.Nodes
	x, target  []float64
}

const clampedBatch, clampedInputs, clampedOutputs = 3, 8, 3

// newClampedRun builds the model and draws an example; with free set, the
// network is not clamped.
func newClampedRun(t *testing.T, m graph.Model, free bool) *clampedRun {
	t.Helper()
	express := m.Build
	if !free {
		express = m.(graph.Clamped).BuildClamped
	}
	e, err := express(clampedBatch, tensor.Float64, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	r := &clampedRun{t: t, expression: e}
	bind := func(n *G.Node, data []float64) []float64 {
		if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(data))); err != nil {
			t.Fatal(err)
		}
		return data
	}
	draw := func(n int, stream string) []float64 {
		data, s := make([]float64, n), philox.New(7, stream)
		for i := range data {
			data[i] = s.Normal(0, uint64(i))
		}
		return data
	}
	r.x = bind(e.X, draw(clampedBatch*clampedInputs, "x"))
	r.target = bind(e.Y, draw(clampedBatch*clampedOutputs, "target"))
	for l, layer := range m.Layers() {
		wide := make([]float64, len(layer.W))
		for i, w := range layer.W {
			wide[i] = float64(w)
		}
		r.arrays = append(r.arrays, bind(e.W[l], wide))
		if layer.B != nil {
			r.arrays = append(r.arrays, bind(e.B[l], draw(layer.Out, fmt.Sprintf("b%d", l))))
			for j, b := range r.arrays[len(r.arrays)-1] {
				layer.B[j] = float32(b)
			}
		}
	}
	if r.gradients, err = graph.Differentiate(e); err != nil {
		t.Fatal(err)
	}
	r.machine = G.NewTapeMachine(e.Graph)
	r.run()
	return r
}

func (r *clampedRun) run() float64 {
	r.t.Helper()
	r.machine.Reset()
	if err := r.machine.RunAll(); err != nil {
		r.t.Fatal(err)
	}
	return r.expression.Loss.Value().Data().(float64)
}

// values returns a node's value widened to float64.
func values(v G.Value) (wide []float64) {
	if t := v.(*tensor.Dense); t.Dtype() == tensor.Float64 {
		return t.Float64s()
	}
	for _, x := range op.Float32s(v) {
		wide = append(wide, float64(x))
	}
	return wide
}

func (r *clampedRun) gradient() (all []float64) {
	for _, g := range r.gradients {
		all = append(all, values(g.Value())...)
	}
	return all
}

func built(t *testing.T, s graph.Spec) graph.Model {
	t.Helper()
	m, err := s.New(clampedInputs, clampedOutputs, 3)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func distance(a, b []float64) (relative, cosine float64) {
	var difference []float64
	for i := range a {
		difference = append(difference, a[i]-b[i])
	}
	return math.Sqrt(inner(difference, difference) / inner(b, b)), inner(a, b) / math.Sqrt(inner(a, a)*inner(b, b))
}

// As outputs get softer, stress becomes the back-propagated error of MSE: the
// relative error of the gradient is linear in κ_output/κ_hidden below 0.01, and
// at 0.01 its direction is right (cosine > .9999). Eqs. 8-10 of Tkachenko 2025.
func TestStressIsBackpropagationWhereOutputsAreSoft(t *testing.T) {
	backpropagated := newClampedRun(t, built(t, elastic(activation.Tanh{}, 1, 12, 10)), true).gradient()
	var ratios, errors []float64
	for _, ratio := range []float64{1, 1e-1, 1e-2, 1e-3, 1e-4} {
		relative, cosine := distance(newClampedRun(t, built(t, elastic(activation.Tanh{}, ratio, 12, 10)), false).gradient(), backpropagated)
		t.Logf("κ_output/κ_hidden = %g: relative error %.3g, cosine %.6f", ratio, relative, cosine)
		ratios, errors = append(ratios, math.Log(ratio)), append(errors, math.Log(relative))
		if ratio <= 0.01 && cosine < 0.9999 {
			t.Errorf("ratio %g: cosine %v, want > .9999", ratio, cosine)
		}
	}
	for i := 2; i+1 < len(ratios); i++ {
		if slope := (errors[i] - errors[i+1]) / (ratios[i] - ratios[i+1]); math.Abs(slope-1) > 0.05 {
			t.Errorf("slope %v between ratios e^%.2f and e^%.2f, want 1.00 ± 0.05", slope, ratios[i], ratios[i+1])
		}
	}
}
