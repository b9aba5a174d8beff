package boltzmann

import (
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/models"
	"ergon/internal/schema"
)

// Full describes a fully connected Boltzmann machine: units that are 0 or 1, each joined to
// each other,
//
//	E(s) = -b·s - Σ_{i<j} s_i W_ij s_j.
//
// The first are visible, as many as inputs, the others hidden. It is small, and learns by
// exact sums over all its states: the gradient of the negative log-likelihood by W_ij is
// ⟨s_i s_j⟩ of the machine by itself less that with the visible units held at the data.
//
// A rule takes the unit with the lower number as presynaptic. So visible units reach hidden
// ones, and not the other way round.
type Full struct {
	Hidden int         `key:"hidden" doc:"hidden units; with the inputs at most 20 units" in:"[0,19]"`
	Bias   string      `key:"bias" doc:"initial visible biases; data: those at which units without synapses have the means of the training inputs" oneof:"data|zero"`
	Init   models.Init `key:"init" doc:"distribution of the initial weights; hidden biases start at 0"`
}

var _ graph.GenerativeSpec = (*Full)(nil)

func init() {
	graph.Kinds.Register("boltzmann", schema.Doc{
		Summary: "fully connected Boltzmann machine of at most 20 units: learns the distribution of inputs 0 and 1 by sums over all its states",
		Source:  "Ackley, Hinton & Sejnowski 1985, Cognitive Science 9:147",
	}, func() graph.Spec { return &Full{Hidden: 4, Bias: "data", Init: &models.Normal{Std: 0.1}} })
}

// mostUnits is the most units all of whose states are enumerated in a step: 2²⁰ states take
// some 30 ms of one core.
const mostUnits = 20

// Generates implements graph.GenerativeSpec.
func (*Full) Generates() {}

// New implements graph.Spec. The weights come from the stream "weights/0".
func (s *Full) New(inputs, _ int, seed uint64) (graph.Model, error) {
	n := inputs + s.Hidden
	if inputs < 1 || n > mostUnits {
		return nil, schema.Fieldf("hidden", "%d inputs and %d hidden units: all states of at most %d units can be enumerated; take smaller patterns, or model.kind=rbm", inputs, s.Hidden, mostUnits)
	}
	layer := models.NewLayer(0, n, n, s.Init, true, seed)
	layer.Name, layer.Triangular = "units", true
	for i := range n {
		clear(layer.W[i*n : i*n+i+1])
	}
	return &FullModel{spec: s, visible: inputs, layers: []*graph.Layer{layer}}, nil
}

// FullModel is the graph.Model of a [Full].
type FullModel struct {
	spec    *Full
	visible int
	layers  []*graph.Layer
}

var _ graph.Exact = (*FullModel)(nil)

// Layers implements graph.Model: there is one, of pairs of units.
func (m *FullModel) Layers() []*graph.Layer { return m.layers }

// InputWidth implements graph.Model.
func (m *FullModel) InputWidth() int { return m.visible }

// Negative implements graph.Generative.
func (*FullModel) Negative() graph.Negative { return graph.Enumerated }

// Start implements graph.Generative.
func (m *FullModel) Start(mean []float32) {
	if m.spec.Bias == "data" {
		for i, x := range mean {
			m.layers[0].B[i] = float32(logOdds(float64(x)))
		}
	}
}

// logOdds returns the field at which a binary unit has a mean. It is kept from 0 and 1, where
// it would be infinite.
func logOdds(mean float64) float64 {
	const least = 1e-3 // ln of its odds is -6.9
	mean = min(max(mean, least), 1-least)
	return math.Log(mean / (1 - mean))
}

// LnZ implements graph.Exact.
func (m *FullModel) LnZ() float64 {
	layer := m.layers[0]
	e := newEnsemble(layer.In, nil)
	weights, biases := make([]float64, len(layer.W)), make([]float64, len(layer.B))
	widen(weights, layer.W)
	widen(biases, layer.B)
	e.couple(weights)
	e.sum(biases, false)
	return e.lnZ
}

// Build implements graph.Model: it fails, since a machine gives no answer.
func (*FullModel) Build(int, tensor.Dtype, graph.Backward) (*graph.Expression, error) {
	return nil, errNoAnswer()
}

// errNoAnswer is why a machine has no forward pass.
func errNoAnswer() error {
	return schema.Fieldf("kind", "a Boltzmann machine models its inputs and answers nothing: there is no forward pass")
}

// BuildContrast implements graph.Generative. The rows of its matrices are presentations, the
// visible units held, and one of the machine by itself, which stands for all its states.
func (m *FullModel) BuildContrast(batch, _ int, dtype tensor.Dtype) (*graph.Expression, error) {
	e := graph.NewExpression(m, batch, dtype)
	b := builder{}
	moments := b.apply(enumeration{model: true}, e.X, e.W[0], e.B[0])
	s := b.apply(enumeratedMeans{m.layers[0].Out}, moments)
	e.FreeEnergies = b.apply(enumeratedEnergies{}, moments, s, e.W[0], e.B[0])
	e.Loss = b.apply(contrast{batch, true}, e.FreeEnergies)
	e.Inputs, e.Activity, e.Enumerated = []*G.Node{s}, []*G.Node{s}, true
	return e, b.err
}

// BuildReflection implements graph.Generative.
func (m *FullModel) BuildReflection(batch int, dtype tensor.Dtype) (*graph.ReflectionExpression, error) {
	g := G.NewGraph()
	r := &graph.ReflectionExpression{
		Graph: g, X: G.NewMatrix(g, dtype, G.WithName("x"), G.WithShape(batch, m.visible)),
		Arrays: graph.NewArrays(g, m.layers, dtype),
	}
	b := builder{}
	moments := b.apply(enumeration{}, r.X, r.W[0], r.B[0])
	s := b.apply(enumeratedMeans{m.layers[0].Out}, moments)
	r.FreeEnergies = b.apply(enumeratedEnergies{}, moments, s, r.W[0], r.B[0])
	r.Reflected = b.apply(reflection{m.visible}, s, r.W[0], r.B[0])
	r.PseudoLikelihoods = b.apply(pseudoLikelihood{}, r.X, r.W[0], r.B[0])
	return r, b.err
}
