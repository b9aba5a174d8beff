package boltzmann

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/schema"
)

// RBM describes a restricted Boltzmann machine: visible units, which are the inputs, and
// hidden ones, with synapses between the two layers only.
type RBM struct {
	Hidden     int            `key:"hidden" doc:"hidden units" in:"[1,1000000]"`
	Units      unit.Unit      `key:"units" doc:"kind of the hidden units"`
	Visible    unit.Unit      `key:"visible" doc:"kind of the visible units; bernoulli takes inputs as probabilities, whose rows are 0 or 1 with data.transform=binary"`
	Negative   graph.Negative `key:"negative" doc:"what presentations are compared with: pcd: chains that go on from step to step; cd: chains from the presentations; rdm: chains that begin at random in each step; exact: all states of the visible units, at most 16" oneof:"pcd|cd|rdm|exact"`
	Centred    bool           `key:"centred" doc:"centred gradients, of v-μ and h-λ, and not of v and h"`
	OffsetRate float64        `key:"offset_rate" doc:"how much of the way to the means of a batch the offsets μ and λ go in a step" in:"[0,1]"`
	Bias       string         `key:"bias" doc:"initial visible biases; data: those at which units without synapses have the means of the training inputs" oneof:"data|zero"`
	Init       models.Init    `key:"init" doc:"distribution of the initial weights; hidden biases start at 0"`
}

var _ graph.GenerativeSpec = (*RBM)(nil)

func init() {
	graph.Kinds.Register("rbm", schema.Doc{
		Summary: "restricted Boltzmann machine: learns the distribution of the inputs",
		Source:  "Smolensky 1986; Tieleman 2008, ICML; Melchior, Fischer & Wiskott 2016, JMLR 17:99",
	}, func() graph.Spec {
		return &RBM{
			Hidden: 100, Units: unit.Bernoulli{}, Visible: unit.Bernoulli{}, Negative: graph.Persistent,
			Centred: true, OffsetRate: 0.01, Bias: "data", Init: &models.Normal{Std: 0.01},
		}
	})
}

// mostEnumerated is the most visible units all of whose states are enumerated in a step:
// 2¹⁶ states of 16 units are 4 MB.
const mostEnumerated = 16

// Validate implements schema's check of fields against each other.
func (s *RBM) Validate() error {
	if s.Hidden%s.Units.States() != 0 {
		return schema.Fieldf("hidden", "%d numbers are not a multiple of the %d states of a unit", s.Hidden, s.Units.States())
	}
	if _, binary := s.Visible.(unit.Bernoulli); s.Negative == graph.Enumerated && !binary {
		return schema.Fieldf("negative", "exact enumerates visible units that are 0 or 1; set visible.kind=bernoulli, or negative=pcd")
	}
	return nil
}

// Generates implements graph.GenerativeSpec.
func (*RBM) Generates() {}

// New implements graph.Spec. The weights come from the stream "weights/0".
func (s *RBM) New(inputs, _ int, seed uint64) (graph.Model, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if inputs%s.Visible.States() != 0 {
		return nil, schema.Fieldf("visible", "%d inputs are not a multiple of the %d states of a unit", inputs, s.Visible.States())
	}
	if s.Negative == graph.Enumerated && inputs > mostEnumerated {
		return nil, schema.Fieldf("negative", "exact enumerates all states of the visible units, at most %d, and the data have %d inputs; set pcd", mostEnumerated, inputs)
	}
	if err := models.CheckSynapses("hidden", inputs, s.Hidden); err != nil {
		return nil, err
	}
	below := models.NewLayer(0, inputs, s.Hidden, s.Init, true, seed)
	below.Name = "hidden"
	m := &Model{spec: s, layers: []*graph.Layer{
		below, {Name: "visible", In: s.Hidden, Out: inputs, B: make([]float32, inputs), Tied: true},
	}}
	if s.Centred {
		m.visible, m.hidden = make([]float32, inputs), make([]float32, s.Hidden)
	}
	return m, nil
}

// Model is the graph.Model of an [RBM].
type Model struct {
	spec            *RBM
	layers          []*graph.Layer
	visible, hidden []float32 // offsets μ [V] and λ [H]; nil: not centred
}

var (
	_ graph.Sampled = (*Model)(nil)
	_ graph.Centred = (*Model)(nil)
)

// Layers implements graph.Model.
func (m *Model) Layers() []*graph.Layer { return m.layers }

// InputWidth implements graph.Model.
func (m *Model) InputWidth() int { return m.layers[0].In }

// Negative implements graph.Generative.
func (m *Model) Negative() graph.Negative { return m.spec.Negative }

// Machine returns the machine as numbers, the model's own.
func (m *Model) Machine() Machine {
	return Machine{VisibleUnits: m.spec.Visible, HiddenUnits: m.spec.Units, W: m.layers[0].W, Visible: m.layers[1].B, Hidden: m.layers[0].B}
}

// Start implements graph.Generative. Means of binary units are kept from 0 and 1, where the
// bias would be infinite.
func (m *Model) Start(mean []float32) {
	if m.spec.Bias == "data" {
		for i, x := range mean {
			m.layers[1].B[i] = float32(m.biasOf(float64(x)))
		}
	}
	copy(m.visible, mean)
	fields := make([]float64, len(m.hidden))
	m.spec.Units.Mean(fields, fields)
	for j, h := range fields {
		m.hidden[j] = float32(h)
	}
}

// biasOf returns the field at which a visible unit has a mean.
func (m *Model) biasOf(mean float64) float64 {
	switch m.spec.Visible.(type) {
	case unit.Bernoulli:
		return logOdds(mean)
	case unit.Gaussian:
		return mean
	}
	return 0
}

// Offsets implements graph.Centred.
func (m *Model) Offsets() (visible, hidden []float32) { return m.visible, m.hidden }

// Recentre implements graph.Centred.
func (m *Model) Recentre(p *graph.Program) {
	if m.visible == nil {
		return
	}
	follow(m.visible, p.X, m.spec.OffsetRate)
	follow(m.hidden, p.Postsynaptic(0)[:p.Batch*len(m.hidden)], m.spec.OffsetRate)
}

// follow moves an offset towards the mean of the rows of y.
func follow(offset, y []float32, rate float64) {
	n := len(offset)
	sums := make([]float64, n)
	for lo := 0; lo < len(y); lo += n {
		for i, x := range y[lo : lo+n] {
			sums[i] += float64(x)
		}
	}
	rows := float64(len(y) / n)
	for i, sum := range sums {
		offset[i] = float32((1-rate)*float64(offset[i]) + rate*sum/rows)
	}
}

// Build implements graph.Model: it fails, since a machine gives no answer.
func (m *Model) Build(int, tensor.Dtype, graph.Backward) (*graph.Expression, error) {
	return nil, errNoAnswer()
}

// BuildContrast implements graph.Generative. The rows of its matrices are presentations,
// chains and, if the machine is centred, the visible offsets.
func (m *Model) BuildContrast(batch, chains int, dtype tensor.Dtype) (*graph.Expression, error) {
	e := graph.NewExpression(m, batch, dtype)
	V, H := m.layers[0].In, m.layers[0].Out
	e.Chains = G.NewMatrix(e.Graph, dtype, G.WithName("chains"), G.WithShape(chains, V))
	rows := []*G.Node{e.X, e.Chains}
	var centre *centring
	if m.visible != nil {
		e.VisibleOffset = G.NewMatrix(e.Graph, dtype, G.WithName("μ"), G.WithShape(1, V))
		e.HiddenOffset = G.NewMatrix(e.Graph, dtype, G.WithName("λ"), G.WithShape(1, H))
		centre = &centring{visible: e.VisibleOffset, hidden: e.HiddenOffset}
		rows = append(rows, e.VisibleOffset)
	}
	b := builder{}
	v := b.apply(stack{len(rows)}, rows...)
	z := b.apply(hiddenFields{centre}, v, e.W[0], e.B[0])
	h := b.apply(means{m.spec.Units}, z)
	energy := &freeEnergy{visible: m.spec.Visible, hidden: m.spec.Units, centring: centre, rows: batch + chains}
	e.FreeEnergies = b.apply(energy, v, z, h, e.B[1])
	e.Loss = b.apply(contrast{batch, m.spec.Negative == graph.Enumerated}, e.FreeEnergies)
	e.Inputs, e.Activity = []*G.Node{v, h}, []*G.Node{h, v}
	e.Enumerated = m.spec.Negative == graph.Enumerated
	return e, b.err
}

// BuildSweep implements graph.Sampled.
func (m *Model) BuildSweep(chains int, dtype tensor.Dtype, draws *graph.Draws, measured graph.Measured) (*graph.SweepExpression, error) {
	g := G.NewGraph()
	s := &graph.SweepExpression{
		Graph: g, Visible: G.NewMatrix(g, dtype, G.WithName("v"), G.WithShape(chains, m.InputWidth())),
		Arrays: graph.NewArrays(g, m.layers, dtype),
	}
	b := builder{}
	z := b.apply(hiddenFields{}, s.Visible, s.W[0], s.B[0])
	energy := func(v, z *G.Node) *G.Node { // its value does not need the means
		return b.apply(&freeEnergy{visible: m.spec.Visible, hidden: m.spec.Units, rows: chains}, v, z, z, s.B[1])
	}
	if measured >= graph.MeasuredBefore {
		s.Before = energy(s.Visible, z)
	}
	s.Hidden = b.apply(&sample{m.spec.Units, draws, true}, z)
	fields := b.apply(visibleFields{}, s.Hidden, s.W[0], s.B[1])
	s.Sampled = b.apply(&sample{m.spec.Visible, draws, false}, fields)
	if measured == graph.MeasuredBoth {
		s.After = energy(s.Sampled, b.apply(hiddenFields{}, s.Sampled, s.W[0], s.B[0]))
	}
	return s, b.err
}

// BuildReflection implements graph.Generative.
func (m *Model) BuildReflection(batch int, dtype tensor.Dtype) (*graph.ReflectionExpression, error) {
	g := G.NewGraph()
	r := &graph.ReflectionExpression{
		Graph: g, X: G.NewMatrix(g, dtype, G.WithName("x"), G.WithShape(batch, m.InputWidth())),
		Arrays: graph.NewArrays(g, m.layers, dtype),
	}
	b := builder{}
	r.Fields = b.apply(hiddenFields{}, r.X, r.W[0], r.B[0])
	h := b.apply(means{m.spec.Units}, r.Fields)
	r.FreeEnergies = b.apply(&freeEnergy{visible: m.spec.Visible, hidden: m.spec.Units, rows: batch}, r.X, r.Fields, h, r.B[1])
	r.Reflected = b.apply(means{m.spec.Visible}, b.apply(visibleFields{}, h, r.W[0], r.B[1]))
	return r, b.err
}

// builder adds nodes to a graph until the first error.
type builder struct{ err error }

func (b *builder) apply(f op.Formula, children ...*G.Node) *G.Node {
	if b.err != nil {
		return nil
	}
	var n *G.Node
	n, b.err = op.Apply(f, children...)
	return n
}
