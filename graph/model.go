package graph

import (
	"errors"
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/schema"
)

// Spec describes a model. A kind registers itself in Kinds.
type Spec interface {
	// New builds the model for data of the given sizes, its initial weights
	// drawn from the seed. It fails where the spec does not fit.
	New(inputs, outputs int, seed uint64) (Model, error)
}

// Shaped is a Spec of networks that depend on the shape of an input and not only on how
// many numbers it has.
type Shaped interface {
	Spec
	// ForShape returns the spec for inputs of a shape such as 28, 28 or 3, 32, 32, with
	// what it leaves to the data filled in. It fails where the two do not fit.
	ForShape(shape []int) (Spec, error)
}

// NewModel builds the model of a spec for inputs of the given shape.
func NewModel(spec Spec, shape []int, outputs int, seed uint64) (Model, error) {
	inputs := 1
	for _, n := range shape {
		inputs *= n
	}
	if s, ok := spec.(Shaped); ok {
		var err error
		if spec, err = s.ForShape(shape); err != nil {
			return nil, err
		}
	}
	return spec.New(inputs, outputs, seed)
}

// Kinds are the kinds of model that a config's model section accepts.
var Kinds = schema.NewUnion[Spec]("kind", "model")

// Model is a network: its weights, and how it is written as a graph.
type Model interface {
	// Layers returns the layers of synapses from input to output. The weights
	// in them are the model's own: an update in place changes the model.
	Layers() []*Layer
	// InputWidth is the number of columns of the input matrix. Those beyond
	// the data's are constant units, set to 1.
	InputWidth() int
	// Build builds the network's graph for a fixed batch size. The rule limits the
	// backward pass that differentiation will add.
	Build(batch int, dtype tensor.Dtype, rule Backward) (*Expression, error)
}

// Clamped is a Model that learns in another state than it answers in: with its
// outputs held at the targets. Build builds it free.
type Clamped interface {
	Model
	// BuildClamped builds the graph of the state that the network learns in.
	// Activity and gradients are those of this state.
	BuildClamped(batch int, dtype tensor.Dtype, rule Backward) (*Expression, error)
}

// Batchwise is a Model that normalises by the statistics of the batch while it learns, and
// by running averages of these when it answers. Build builds it to answer.
type Batchwise interface {
	Model
	// BuildBatchwise builds the graph that the network learns in, whose Moments are those
	// of the batch.
	BuildBatchwise(batch int, dtype tensor.Dtype, rule Backward) (*Expression, error)
}

// BuildLearning builds the graph that a model learns in, if that is another than the one
// it answers in.
func BuildLearning(m Model, batch int, dtype tensor.Dtype, rule Backward) (*Expression, error) {
	switch m := m.(type) {
	case Clamped:
		return m.BuildClamped(batch, dtype, rule)
	case Batchwise:
		return m.BuildBatchwise(batch, dtype, rule)
	}
	return m.Build(batch, dtype, rule)
}

// Layer is one layer of synapses, y = f(x·W + b). A convolution uses the same W and
// b at several positions; each position has its own x and Out units.
type Layer struct {
	Name      string
	In, Out   int
	W         []float32 // [In,Out] row-major; nil if Tied
	B         []float32 // [Out]; nil if the layer has no bias
	Positions int       // that share the weights; 0 is one
	Averages  []float32 // [2,Out] running means and variances of the summed inputs x·W; nil: they are not normalised
	Fixed     bool      // the weights stay as they were drawn
	Tied      bool      // the weights are those of the layer below, in the other direction
	// Triangular weights join the units to each other, In = Out: W[i,j] with i < j is the
	// synapse of units i and j. The others are 0, are no synapses, and stay so.
	Triangular bool
}

// ScaleInvariant says whether the loss does not depend on the scale of the layer's
// weights, since what they lead to is normalised.
func (l *Layer) ScaleInvariant() bool { return l.Averages != nil }

// Rows returns how many rows a presentation has in the layer's matrices x
// [B·Rows,In] and y [B·Rows,Out].
func (l *Layer) Rows() int { return max(l.Positions, 1) }

// Units returns the number of units that the layer drives.
func (l *Layer) Units() int { return l.Rows() * l.Out }

// Parameters returns the number of weights and biases.
func (l *Layer) Parameters() int {
	if l.Triangular {
		return l.In*(l.In-1)/2 + len(l.B)
	}
	return len(l.W) + len(l.B)
}

// Parameters returns the number of weights and biases of a model that can be learned.
func Parameters(m Model) (n int) {
	for _, l := range m.Layers() {
		if !l.Fixed {
			n += l.Parameters()
		}
	}
	return n
}

// Expression is the graph of a network, without its backward pass.
type Expression struct {
	Graph *G.ExprGraph
	X, Y  *G.Node // input [B,InputWidth] and target [B,O]; nil: nothing is a target
	Loss  *G.Node // scalar
	Open  *G.Node // [B] 1 where a presentation is learned from, else 0; nil: all are

	Arrays
	Activity []*G.Node // of each layer's units; the last is the network's output

	Inputs []*G.Node // of each layer; nil: X, and the activity of the layer below

	// Moments [2,Out] are, of each layer, means and variances that its summed inputs are
	// normalised by: an input of the graph, or computed in it. nil: they are not; no slice,
	// those of no layer.
	Moments []*G.Node

	// Of a Boltzmann machine: states of its own [C,V] that presentations are compared with
	// (nil where it sums over all states by itself), offsets of its visible [1,V] and hidden
	// [1,H] units (nil: not centred), and the free energies of presentations and states.
	Chains, VisibleOffset, HiddenOffset, FreeEnergies *G.Node
	// Enumerated says that those states are all that there are, and none was sampled.
	Enumerated bool

	Relaxation *Relaxation // of a clamped network's hidden units; nil: they have nothing to relax
}

// NewExpression starts a graph with the nodes of input, target and parameters.
func NewExpression(m Model, batch int, dtype tensor.Dtype) *Expression {
	g, layers := G.NewGraph(), m.Layers()
	e := &Expression{
		Graph: g,
		X:     G.NewMatrix(g, dtype, G.WithName("x"), G.WithShape(batch, m.InputWidth())),
	}
	if _, ok := m.(Generative); !ok {
		e.Y = G.NewMatrix(g, dtype, G.WithName("target"), G.WithShape(batch, layers[len(layers)-1].Out))
	}
	e.Arrays = NewArrays(g, layers, dtype)
	return e
}

// Arrays are the nodes of a network's parameters, an entry a layer: the weights, nil if they
// are tied, and the biases, nil if it has none.
type Arrays struct{ W, B []*G.Node }

// NewArrays adds the nodes of the parameters of layers to a graph.
func NewArrays(g *G.ExprGraph, layers []*Layer, dtype tensor.Dtype) (a Arrays) {
	for l, layer := range layers {
		var w, b *G.Node
		if layer.B != nil {
			b = G.NewVector(g, dtype, G.WithName(fmt.Sprintf("b%d", l+1)), G.WithShape(layer.Out))
		}
		if !layer.Tied {
			w = G.NewMatrix(g, dtype, G.WithName(fmt.Sprintf("W%d", l+1)), G.WithShape(layer.In, layer.Out))
		}
		a.W, a.B = append(a.W, w), append(a.B, b)
	}
	return a
}

// arrays returns the nodes that there are: for each layer the weights, then the biases.
func (a Arrays) arrays() (all G.Nodes) {
	for l := range a.W {
		if a.W[l] != nil {
			all = append(all, a.W[l])
		}
		if a.B[l] != nil {
			all = append(all, a.B[l])
		}
	}
	return all
}

// bind gives the nodes the storage of the layers' parameters.
func (a Arrays) bind(layers []*Layer) error {
	var bound []error
	for l, layer := range layers {
		if a.W[l] != nil {
			bound = append(bound, let(a.W[l], layer.W))
		}
		if a.B[l] != nil {
			bound = append(bound, let(a.B[l], layer.B))
		}
	}
	return errors.Join(bound...)
}
