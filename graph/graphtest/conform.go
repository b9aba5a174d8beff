// Package graphtest is the conformance suite of engines: what runs Ergon's
// graphs must pass it. It knows the engine only by its interface.
package graphtest

import (
	"fmt"
	"math"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// Conform tests an engine on networks of every activation, loss and kind of
// bias, in batches of one and more.
func Conform(t *testing.T, e engine.Engine) {
	t.Helper()
	for name, n := range networks() {
		t.Run(name, func(t *testing.T) { n.conform(t, e, name) })
	}
}

// network is a network to be tested, with a batch.
type network struct {
	spec   graph.Spec
	loss   loss.Loss
	unit   bool // unit 0 of layer 1 is clamped
	inputs int
	batch  int
}

// perceptron is the network of a spec, for so many presentations at a time.
func perceptron(spec *models.MLP, batch int) network {
	return network{spec, spec.Loss, spec.Bias == "unit", inputs, batch}
}

// networks crosses activations, losses, biases and batch sizes.
func networks() map[string]network {
	all := map[string]network{}
	for _, response := range activation.Kinds.Kinds() {
		for _, cost := range loss.Kinds.Kinds() {
			for _, batch := range []int{1, 7} {
				spec := newSpec(response.Name, cost.Name)
				all[fmt.Sprintf("%s/%s/batch-%d", response.Name, cost.Name, batch)] = perceptron(spec, batch)
			}
		}
	}
	for _, batch := range []int{1, 7} {
		unit := newSpec("leaky_relu", "mse")
		unit.Bias, unit.Hidden = "unit", []int{9}
		all[fmt.Sprintf("bias-unit/batch-%d", batch)] = perceptron(unit, batch)
		bare := newSpec("tanh", "softmax_xent")
		bare.Bias, bare.Hidden, bare.Output = "false", nil, activation.Sigmoid{}
		all[fmt.Sprintf("single-layer/batch-%d", batch)] = perceptron(bare, batch)
		wide := newSpec("relu", "softmax_xent")
		wide.Hidden = []int{67, 33}
		all[fmt.Sprintf("wide/batch-%d", batch)] = perceptron(wide, batch)
	}
	return all
}

// newSpec is a network of three layers with biases.
func newSpec(response, cost string) *models.MLP {
	spec, _ := graph.Kinds.New("mlp")
	m := spec.(*models.MLP)
	m.Hidden, m.Init = []int{9, 6}, &models.Normal{Std: 0.5}
	m.Activation, _ = activation.Kinds.New(response)
	m.Loss, _ = loss.Kinds.New(cost)
	return m
}

const inputs, outputs = 11, 4

// off is the target of an output that is not the class's.
func (n network) off() float32 {
	if _, ok := n.loss.(loss.Perceptron); ok {
		return -1 // which has targets ±1
	}
	return 0
}

// example fills inputs, a fifth of them zero as in images, and one-hot targets.
func (n network) example(p *graph.Program, model graph.Model) {
	s, width := philox.New(5, "graphtest"), model.InputWidth()
	for b := range p.Batch {
		for i := range n.inputs {
			index := uint64(b*n.inputs + i)
			p.X[b*width+i] = 0
			if s.Uint32(1, index)%5 != 0 {
				p.X[b*width+i] = float32(s.Normal(0, index))
			}
		}
		for o := range outputs {
			p.Target[b*outputs+o] = n.off()
		}
		p.Target[b*outputs+b%outputs] = 1
	}
}

func (n network) conform(t *testing.T, e engine.Engine, name string) {
	model, err := n.spec.New(n.inputs, outputs, 3)
	if err != nil {
		t.Fatal(err)
	}
	for l, layer := range model.Layers() { // biases that do something
		for j := range layer.B {
			layer.B[j] = float32(0.1 * philox.New(1, "biases").Normal(uint64(l), uint64(j)))
		}
	}
	p, err := graph.CompileTraining(model, e, n.batch, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	n.example(p, model)
	for range 2 { // the second run must not see the first
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
	}
	if n.off() < 0 {
		awayFromKinks(t, p)
	}
	known, ok := truths.Load(name)
	if !ok {
		known = newExact(t, model, p).truth(t)
		truths.Store(name, known)
	}
	want := known.(truth)
	if math.Abs(p.LossValue()-want.loss) > 1e-5*math.Abs(want.loss) {
		t.Errorf("loss %v, in float64 it is %v", p.LossValue(), want.loss)
	}
	n.checkGradients(t, model, p, want.gradients)
}

// truth is the loss of a network and its gradients, array by array, in float64.
type truth struct {
	loss      float64
	gradients [][]float64
}

// truths are those that are known, by the network's name: they take longer than
// what is tested, and are the same for every engine.
var truths sync.Map

// truth computes the gradients as central differences of the loss.
func (x *exact) truth(t *testing.T) truth {
	const h = 1e-5
	result := truth{loss: x.loss(t)}
	for _, weights := range x.weights {
		differences := make([]float64, len(weights))
		for i, w := range weights {
			weights[i] = w + h
			above := x.loss(t)
			weights[i] = w - h
			differences[i] = (above - x.loss(t)) / (2 * h)
			weights[i] = w
		}
		result.gradients = append(result.gradients, differences)
	}
	return result
}

// checkGradients compares every gradient with the central difference of the
// loss, computed in float64 from the formulas' definitions.
func (n network) checkGradients(t *testing.T, model graph.Model, p *graph.Program, gradients [][]float64) {
	for a, differences := range gradients {
		value, err := p.Parameters()[a].Grad()
		if err != nil {
			t.Fatal(err)
		}
		gradient := value.(*tensor.Dense).Float32s()
		largest := 0.0
		for _, d := range differences {
			largest = max(largest, math.Abs(d))
		}
		for i, want := range differences {
			if n.unit && a == 0 && i%model.Layers()[0].Out == 0 {
				continue // synapses onto the clamped unit: by convention not the derivative, which is 0
			}
			// Each to 1e-4 of itself, beyond what float32 sums round at the size of the largest.
			if math.Abs(float64(gradient[i])-want) > 1e-4*math.Abs(want)+1e-6*largest {
				t.Errorf("array %d, synapse %d: gradient %v, central difference %v (largest %v)", a, i, gradient[i], want, largest)
			}
		}
	}
}

// awayFromKinks makes sure that no output is at y = 0, where the perceptron's
// loss has no derivative to be compared with.
func awayFromKinks(t *testing.T, p *graph.Program) {
	t.Helper()
	for i, y := range p.Output() {
		if math.Abs(float64(y)) < 1e-3 {
			t.Fatalf("output %d is %v, too near the kink for central differences: draw another example", i, y)
		}
	}
}

// exact evaluates a model in float64 on Gorgonia's TapeMachine.
type exact struct {
	expression *graph.Expression
	machine    G.VM
	weights    [][]float64 // array by array; changes take effect
}

func newExact(t *testing.T, model graph.Model, p *graph.Program) *exact {
	t.Helper()
	e, err := model.Build(p.Batch, tensor.Float64, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	x := &exact{expression: e}
	bind := func(n *G.Node, narrow []float32) []float64 {
		wide := make([]float64, len(narrow))
		for i, v := range narrow {
			wide[i] = float64(v)
		}
		if err := G.Let(n, tensor.New(tensor.WithShape(n.Shape()...), tensor.WithBacking(wide))); err != nil {
			t.Fatal(err)
		}
		return wide
	}
	bind(e.X, p.X)
	bind(e.Y, p.Target)
	for l, layer := range model.Layers() {
		x.weights = append(x.weights, bind(e.W[l], layer.W))
		if layer.B != nil {
			x.weights = append(x.weights, bind(e.B[l], layer.B))
		}
	}
	x.machine = G.NewTapeMachine(e.Graph)
	return x
}

func (x *exact) loss(t *testing.T) float64 {
	t.Helper()
	x.machine.Reset()
	if err := x.machine.RunAll(); err != nil {
		t.Fatal(err)
	}
	return x.expression.Loss.Value().Data().(float64)
}
