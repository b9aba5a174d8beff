// Package graphtest is the conformance suite of engines: what runs Ergon's
// graphs must pass it. It knows the engine only by its interface. Activations, losses
// and models are in it by registering their kind.
package graphtest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/engine"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// Conform tests an engine on networks of every activation and loss, their settings too
// ([Pairs]), every kind of bias and registered kind of model, in batches of one and more.
// What the engine refuses for want of a kernel is skipped.
func Conform(t *testing.T, e engine.Engine) {
	t.Helper()
	for name, n := range networks(t) {
		t.Run(name, func(t *testing.T) { n.conform(t, e, name) })
	}
	ConformModels(t, e)
}

// ConformModels tests an engine on every registered kind of model, as its defaults are.
func ConformModels(t *testing.T, e engine.Engine) {
	t.Helper()
	for _, kind := range graph.Kinds.Kinds() {
		for _, batch := range []int{1, 3} {
			name := fmt.Sprintf("%s/batch-%d", kind.Name, batch)
			t.Run(name, func(t *testing.T) { defaults(t, kind.Name, batch).conform(t, e, name) })
		}
	}
}

// network is a network to be tested, with a batch.
type network struct {
	spec            graph.Spec
	inputs, outputs int
	batch           int
	off             float32 // the target of an output that is not the class's
	unit            bool    // unit 0 of layer 1 is clamped
	sampled         bool    // of large arrays, the gradient is tested in a few directions only
}

// defaults is a kind of model for the first size of data that it accepts.
func defaults(t *testing.T, kind string, batch int) network {
	spec, _ := graph.Kinds.New(kind)
	var refused error
	sizes := [][2]int{{inputs, outputs}, {inputs, 1}, {784, outputs}, {784, 1}}
	if _, ok := spec.(graph.GenerativeSpec); ok {
		sizes = slices.Insert(sizes, 0, [2]int{6, 1}) // few, since all states of some are enumerated
	}
	for _, size := range sizes {
		_, err := spec.New(size[0], size[1], 0)
		if err == nil {
			return network{spec: spec, inputs: size[0], outputs: size[1], batch: batch, sampled: true}
		}
		refused = err
	}
	t.Fatalf("%s accepts no data that the suite has: %v", kind, refused)
	return network{}
}

// perceptron is the network of a spec, for so many presentations at a time.
func perceptron(t *testing.T, spec *models.MLP, batch int) network {
	n := network{spec: spec, inputs: inputs, outputs: Outputs(t, spec.Loss), batch: batch, unit: spec.Bias == "unit"}
	if _, ok := spec.Loss.(loss.Perceptron); ok {
		n.off = -1 // it has targets ±1
	}
	return n
}

// networks crosses activations, losses, biases and batch sizes.
func networks(t *testing.T) map[string]network {
	all := map[string]network{}
	for _, pair := range Pairs(t) {
		for _, batch := range []int{1, 7} {
			spec := newSpec(pair.Activation, pair.Loss)
			all[fmt.Sprintf("%s/batch-%d", pair.Name, batch)] = perceptron(t, spec, batch)
		}
	}
	for _, batch := range []int{1, 7} {
		unit := newSpec(&activation.LeakyReLU{Slope: 0.1}, loss.MSE{})
		unit.Bias, unit.Hidden = "unit", []int{9}
		all[fmt.Sprintf("bias-unit/batch-%d", batch)] = perceptron(t, unit, batch)
		bare := newSpec(activation.Tanh{}, loss.SoftmaxXent{})
		bare.Bias, bare.Hidden, bare.Output = "false", nil, activation.Sigmoid{}
		all[fmt.Sprintf("single-layer/batch-%d", batch)] = perceptron(t, bare, batch)
		wide := newSpec(activation.ReLU{}, loss.SoftmaxXent{})
		wide.Hidden = []int{67, 33}
		all[fmt.Sprintf("wide/batch-%d", batch)] = perceptron(t, wide, batch)
	}
	return all
}

// newSpec is a network of three layers with biases.
func newSpec(response activation.Activation, cost loss.Loss) *models.MLP {
	spec, _ := graph.Kinds.New("mlp")
	m := spec.(*models.MLP)
	m.Hidden, m.Init = []int{9, 6}, &models.Normal{Std: 0.5}
	m.Activation, m.Loss = response, cost
	return m
}

const inputs, outputs = 11, 4

// compile compiles the graph that a model learns in.
func (n network) compile(model graph.Model, e engine.Engine) (*graph.Program, error) {
	if m, ok := model.(graph.Generative); ok {
		return graph.CompileContrast(m, e, n.batch, chains(m))
	}
	return graph.CompileTraining(model, e, n.batch, graph.Backward{})
}

// example fills inputs, a fifth of them zero as in images, and one-hot targets. A
// single output's target is 1 and -1 in turn.
func (n network) example(p *graph.Program, model graph.Model) {
	if _, ok := model.(graph.Generative); ok {
		drawBits(p.X, "graphtest/x")
		return
	}
	s, width := philox.New(5, "graphtest"), model.InputWidth()
	for b := range p.Batch {
		for i := range n.inputs {
			index := uint64(b*n.inputs + i)
			p.X[b*width+i] = 0
			if s.Uint32(1, index)%5 != 0 {
				p.X[b*width+i] = float32(s.Normal(0, index))
			}
		}
		for o := range n.outputs {
			p.Target[b*n.outputs+o] = n.off
		}
		p.Target[b*n.outputs+b%n.outputs] = 1
		if n.outputs == 1 && b%2 == 1 {
			p.Target[b] = -1
		}
	}
}

// model builds the network, with biases that do something and no layer of zeros.
func (n network) model(t *testing.T) graph.Model {
	model, err := n.spec.New(n.inputs, n.outputs, 3)
	if err != nil {
		t.Fatal(err)
	}
	for l, layer := range model.Layers() {
		for j := range layer.B {
			layer.B[j] = float32(0.1 * philox.New(1, "biases").Normal(uint64(l), uint64(j)))
		}
		if isZero(layer.W) {
			for i := range layer.W {
				layer.W[i] = float32(0.3 * philox.New(1, "weights").Normal(uint64(l), uint64(i)))
			}
		}
	}
	return model
}

func isZero(x []float32) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

func (n network) conform(t *testing.T, e engine.Engine, name string) {
	model := n.model(t)
	p, err := n.compile(model, e)
	if missing := new(device.NoKernelError); errors.As(err, &missing) {
		t.Skip(err)
	}
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
	if n.off < 0 {
		awayFromKinks(t, p)
	}
	known, ok := truths.Load(name)
	if !ok {
		known = newExact(t, model, p).truth(t, n.sampled)
		truths.Store(name, known)
	}
	want := known.(truth)
	if math.Abs(p.LossValue()-want.loss) > 1e-5*math.Abs(want.loss)+lossRounding(p) {
		t.Errorf("loss %v, in float64 it is %v", p.LossValue(), want.loss)
	}
	n.checkGradients(t, model, p, want)
}

// truths are those that are known, by the network's name: they take longer than
// what is tested, and are the same for every engine.
var truths sync.Map

// checkGradients compares the gradients' components with central differences of the
// loss, computed in float64 from the formulas' definitions.
func (n network) checkGradients(t *testing.T, model graph.Model, p *graph.Program, want truth) {
	// Each to 1e-4 of itself, beyond what float32 sums round at the size of the largest.
	// A network that relaxes is at rest to its residual only.
	relative, rounding := 1e-4, 1e-6
	if p.Relaxation != nil {
		rounding += 20 * p.Relaxation.Residual
	}
	for a, probes := range want.probes {
		value, err := p.Parameters()[a].Grad()
		if err != nil {
			t.Fatal(err)
		}
		gradient := value.(*tensor.Dense).Float32s()
		largest := 0.0
		for _, probe := range probes {
			largest = max(largest, math.Abs(probe.derivative))
		}
		absolute := rounding*largest + phaseRounding(p)
		for i, probe := range probes {
			if n.unit && a == 0 && i%model.Layers()[0].Out == 0 {
				continue // synapses onto the clamped unit: by convention not the derivative, which is 0
			}
			if got := probe.along(gradient); math.Abs(got-probe.derivative) > relative*math.Abs(probe.derivative)+absolute {
				t.Errorf("array %d, direction %d: gradient %v, central difference %v (largest %v)", a, i, got, probe.derivative, largest)
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
