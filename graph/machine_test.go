package graph_test

import (
	"math"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/op"
	"ergon/graph/ops"
)

// shared is a network that uses one matrix twice, y = tanh(tanh(xW)W): two
// nodes of equal op and shape that must not be merged, and a gradient that is
// the sum of two, which Gorgonia adds with an op of its own.
type shared struct{ layer *graph.Layer }

func (s shared) Layers() []*graph.Layer { return []*graph.Layer{s.layer} }
func (s shared) InputWidth() int        { return s.layer.In }
func (s shared) Build(batch int, dtype tensor.Dtype, _ graph.Backward) (*graph.Expression, error) {
	g, n := G.NewGraph(), s.layer.In
	e := &graph.Expression{Graph: g}
	matrix := func(name string, rows int) *G.Node {
		return G.NewMatrix(g, dtype, G.WithName(name), G.WithShape(rows, n))
	}
	e.X, e.Y = matrix("x", batch), matrix("target", batch)
	w := matrix("W", n)
	first, err := ops.Dense{Activation: activation.Tanh{}}.Node(e.X, w, nil)
	if err != nil {
		return nil, err
	}
	second, err := ops.Dense{Activation: activation.Tanh{}, NeedsX: true}.Node(first, w, nil)
	if err != nil {
		return nil, err
	}
	e.W, e.B, e.Activity = []*G.Node{w}, []*G.Node{nil}, []*G.Node{second}
	e.Loss, err = loss.MSE{}.Node(second, e.Y)
	return e, err
}

// A weight used twice gets the sum of both gradients, on the cpu engine through
// Gorgonia's own addition.
func TestGradientsAccumulate(t *testing.T) {
	const n = 3
	model := shared{&graph.Layer{In: n, Out: n, W: []float32{0.5, -0.3, 0.2, 0.1, 0.7, -0.6, -0.4, 0.3, 0.9}}}
	x := []float32{0.3, -0.8, 0.5}
	loss := func() float64 {
		sum := 0.0
		y := x
		for range 2 {
			z := make([]float32, n)
			for j := range n {
				s := 0.0
				for i := range n {
					s += float64(y[i]) * float64(model.layer.W[i*n+j])
				}
				z[j] = float32(math.Tanh(s))
			}
			y = z
		}
		for _, v := range y {
			sum += float64(v) * float64(v) / 2
		}
		return sum
	}
	p, err := graph.CompileTraining(model, graphtest.Open(t, engine.Spec{BLAS: "gonum", Threads: 1}), 1, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	copy(p.X, x)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	value, err := p.Parameters()[0].Grad()
	if err != nil {
		t.Fatal(err)
	}
	gradient := value.(*tensor.Dense).Float32s()
	for i, w := range model.layer.W {
		const h = 1e-2 // the loss is float32 inside: the step must be coarse
		model.layer.W[i] = w + h
		above := loss()
		model.layer.W[i] = w - h
		want := (above - loss()) / (2 * h)
		model.layer.W[i] = w
		if math.Abs(float64(gradient[i])-want) > 1e-3 {
			t.Errorf("gradient %d is %v, want %v", i, gradient[i], want)
		}
	}
}

// faulty is a formula that panics when it is run.
type faulty struct{ op.Formula }

func (faulty) String() string { return "Faulty" }
func (faulty) Compile(*op.Compiler, []float32, []op.Operand) func() {
	return func() { panic("broken kernel") }
}

// A panic in an op is an error that names the op; it does not end the process.
func TestPanicIsAnError(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithName("x"), G.WithShape(2, 3), G.WithInit(G.Zeroes()))
	if _, err := op.Apply(faulty{loss.SquaredError{}}, x, x); err != nil {
		t.Fatal(err)
	}
	machine, err := graphtest.Open(t, engine.Spec{BLAS: "gonum"}).Machine(g)
	if err != nil {
		t.Fatal(err)
	}
	if err := machine.RunAll(); err == nil || !strings.Contains(err.Error(), "Faulty panicked: broken kernel") {
		t.Errorf("error %v, want one that names the op and the panic", err)
	}
}
