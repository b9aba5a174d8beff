package graphtest

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/internal/philox"
)

// truth is the loss of a network, and derivatives of it by each array, in float64.
type truth struct {
	loss   float64
	probes [][]probe
}

// probe is the derivative of the loss along a direction in the space of an array.
type probe struct {
	synapse    int       // the direction is that of one number of the array
	direction  []float64 // or this one, of length 1; nil: the synapse's
	derivative float64
}

// along returns the component of a gradient along the direction.
func (p probe) along(gradient []float32) (sum float64) {
	if p.direction == nil {
		return float64(gradient[p.synapse])
	}
	for i, d := range p.direction {
		sum += d * float64(gradient[i])
	}
	return sum
}

// probesOf returns the directions that an array of n numbers is probed in: all
// synapses or, sampled, a few random directions if these are many.
func probesOf(n, array int, sampled bool) (all []probe) {
	const many, few = 50, 6
	if !sampled || n <= many {
		for i := range n {
			all = append(all, probe{synapse: i})
		}
		return all
	}
	s := philox.New(9, "graphtest/directions")
	for k := range few {
		direction, square := make([]float64, n), 0.0
		for i := range direction {
			direction[i] = s.Normal(uint64(array*few+k), uint64(i))
			square += direction[i] * direction[i]
		}
		for i := range direction {
			direction[i] /= math.Sqrt(square)
		}
		all = append(all, probe{direction: direction})
	}
	return all
}

// exact evaluates a model in float64 on Gorgonia's TapeMachine: every formula by its
// definition.
type exact struct {
	expression *graph.Expression
	machine    G.VM
	weights    [][]float64 // array by array; changes take effect
}

// newExact binds a model's weights and a program's example. A network that learns in a
// state of its own is written in that state.
func newExact(t *testing.T, model graph.Model, p *graph.Program) *exact {
	t.Helper()
	e, err := buildLearning(model, p.Batch)
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
	if e.Y != nil {
		bind(e.Y, p.Target)
	}
	if m, ok := model.(graph.Generative); ok && e.Chains != nil {
		bind(e.Chains, chains(m))
	}
	if m, ok := model.(graph.Centred); ok && e.VisibleOffset != nil {
		visible, hidden := m.Offsets()
		bind(e.VisibleOffset, visible)
		bind(e.HiddenOffset, hidden)
	}
	for l, layer := range model.Layers() {
		if !layer.Tied {
			x.weights = append(x.weights, bind(e.W[l], layer.W))
		}
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

// truth computes the derivatives as central differences of the loss.
func (x *exact) truth(t *testing.T, sampled bool) truth {
	result := truth{loss: x.loss(t)}
	for array, weights := range x.weights {
		probes := probesOf(len(weights), array, sampled)
		for i := range probes {
			probes[i].derivative = x.derivative(t, weights, probes[i])
		}
		result.probes = append(result.probes, probes)
	}
	return result
}

// derivative is the central difference of the loss along a probe's direction.
func (x *exact) derivative(t *testing.T, weights []float64, p probe) float64 {
	const h = 1e-5
	before := append([]float64(nil), weights...)
	at := func(step float64) float64 {
		if p.direction == nil {
			weights[p.synapse] = before[p.synapse] + step
		}
		for i, d := range p.direction {
			weights[i] = before[i] + step*d
		}
		return x.loss(t)
	}
	above := at(h)
	difference := (above - at(-h)) / (2 * h)
	copy(weights, before)
	return difference
}
