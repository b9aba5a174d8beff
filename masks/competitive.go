package masks

import (
	"slices"

	"ergon/internal/schema"
	"ergon/internal/simd"
)

// Competitive keeps the synapses of the largest updates: van Rossum & Pache
// 2024, "competitive plasticity". Of the n magnitudes |Δw| of a layer those are
// kept that are not below element number round((1-p)(n-1)) of their ascending
// order (half to even, the first being number 0), which is n - round((1-p)(n-1))
// of them if none are equal; where others equal the last of these, they are kept
// as well. It is drawn anew in every step.
//
// |Δw| is that of plain gradient descent, η|∂L/∂w|, whatever the optimizer. A
// synapse without a gradient is not among the largest, even if p·n is more than
// have one.
//
// Synapses that masks listed before this one freeze have lost: they take part
// with a magnitude of 0 (the paper's rule 2000, subnet and competitive), and so
// do neurons onto which all synapses are frozen. With order smallest they do not
// take part at all, and n still counts them.
type Competitive struct {
	Share
	Among string `key:"scope" doc:"who competes: the synapses of a layer, of a neuron (those onto it), or of the whole network" oneof:"layer|neuron|network"`
	Order string `key:"order" doc:"who wins; smallest is the paper's control" oneof:"largest|smallest"`
	By    string `key:"by" doc:"what is compared: |update| or |weight| of synapses; or of neurons |activity| or |error|, summed over the batch, and all synapses onto the neuron win" oneof:"update|weight|activity|error"`
	Scope
}

func init() {
	Masks.Register("competitive", schema.Doc{
		Summary: "the share p of largest updates is made, others are not",
		Source:  "van Rossum & Pache 2024, rules 20, 2020, 2000; controls 21-23, 30-33, 40, 41",
	}, func() MaskSpec {
		return &Competitive{
			Share: Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: Scope{Biases: true},
		}
	})
}

// Validate implements schema's check of fields against each other.
func (c *Competitive) Validate() error {
	switch {
	case c.Among == "network" && (len(c.P) > 1 || c.Balance):
		return schema.Fieldf("scope", "network is one competition: p is one number, without balance")
	case c.Among != "layer" && c.ofNeurons():
		return schema.Fieldf("scope", "is layer where neurons compete (by: %s)", c.By)
	}
	return c.Share.Validate()
}

// ofNeurons says that neurons compete rather than synapses.
func (c *Competitive) ofNeurons() bool { return c.By == "activity" || c.By == "error" }

// competitive is a Competitive mask of a network.
type competitive struct {
	*Competitive
	of           []*competition // that each layer takes part in; nil: none
	competitions []*competition
	flip         uint32     // turned in keys: all bits where the smallest win, else none
	products     []*Product // of each layer, the gradient by its factors

	// Scratch space of Begin.
	keys, neurons []uint32
	onto          [][]uint32 // keys of the synapses onto each neuron
	kept          [2][]int32
	places        []int32
	plastic       []bool
}

// competition is a competition of the synapses, or neurons, of some layers.
type competition struct {
	layers     []int
	products   []*Product // of the layers
	share      float64
	candidates int      // n; with scope neuron, of each neuron
	threshold  []uint32 // key that winners reach; with scope neuron, of each neuron
	factored   bool     // the products of the layers know who has won
	neurons    []int32  // where neurons compete: those that have won
}

var (
	_ MaskSpec   = (*Competitive)(nil)
	_ DeviceMask = (*competitive)(nil)
)

// New implements MaskSpec.
func (c *Competitive) New(net Network, _ uint64, _ string) (Mask, error) {
	shares, err := c.Of(net)
	if err != nil {
		return nil, err
	}
	if err := c.Check(net.Layers); err != nil {
		return nil, err
	}
	m := &competitive{Competitive: c, of: make([]*competition, len(net.Layers)), products: make([]*Product, len(net.Layers))}
	if c.Order == "smallest" {
		m.flip = magnitudeBits
	}
	for l, layer := range net.Layers {
		m.products[l] = new(Product)
		if shares[l] < 1 && c.Covers(&Synapses{Layer: l}) {
			m.join(l, layer, shares[l])
		}
	}
	return m, nil
}

// join lets a layer take part in a contest: one of its own, or the network's.
func (m *competitive) join(l int, layer Layer, share float64) {
	if m.Among != "network" || len(m.competitions) == 0 {
		m.competitions = append(m.competitions, &competition{share: share, threshold: make([]uint32, 1)})
	}
	c := m.competitions[len(m.competitions)-1]
	c.layers, c.products = append(c.layers, l), append(c.products, m.products[l])
	m.of[l] = c
	rows := layer.In
	if layer.Bias && m.Biases {
		rows++
	}
	switch {
	case m.ofNeurons():
		c.candidates = layer.Out
	case m.Among == "neuron":
		c.candidates, c.threshold = rows, make([]uint32, layer.Out)
	default:
		c.candidates += rows * layer.Out
	}
}

// Begin implements Mask: it holds the contests of the step.
func (m *competitive) Begin(step *Step) error {
	for _, c := range m.competitions {
		k := quota(c.share, c.candidates)
		if c.factored = m.selectFromFactors(step, c, k); c.factored {
			continue
		}
		if err := m.write(step, c); err != nil {
			return err
		}
		switch {
		case m.ofNeurons():
			if err := m.selectUnits(step, c, k); err != nil {
				return err
			}
		case m.Among == "neuron":
			m.selectPerUnit(step, c, k)
		default:
			m.selectAll(step, c, k)
		}
	}
	return nil
}

// KeepsAll implements Mask.
func (m *competitive) KeepsAll(s *Synapses) bool {
	return m.of[s.Layer] == nil || s.Bias && !m.Biases
}

// DeviceSet implements deviceMask.
func (m *competitive) DeviceSet(s *Synapses) DeviceSet {
	c := m.of[s.Layer]
	w := KeepTop{Competition: c, By: m.By, K: quota(c.share, c.candidates), Flip: m.flip, Least: m.least(), Kind: OfSynapses}
	switch {
	case m.ofNeurons():
		w.Kind = OfUnits
	case m.Among == "neuron":
		w.Kind = PerUnit
	}
	return w
}

// Select implements Mask.
func (m *competitive) Select(s *Synapses, lo, hi int, kept []int32) []int32 {
	c := m.of[s.Layer]
	switch {
	case m.ofNeurons():
		return Submatrix{Columns: c.neurons}.Select(s, lo, hi, kept)
	case c.factored:
		return m.products[s.Layer].selectFrom(s, lo, hi, kept)
	}
	if m.Among != "neuron" {
		return appendReaching(kept, m.values(s)[lo:hi], lo, m.flip, c.threshold[0])
	}
	return m.appendWinners(s, lo, hi, c.threshold, kept)
}

// appendReaching appends the numbers, from first on, of the values whose key
// reaches the threshold.
func appendReaching(kept []int32, values []float32, first int, flip, threshold uint32) []int32 {
	n := len(kept)
	kept = slices.Grow(kept, len(values))
	return kept[:n+simd.Reaching(values, flip, threshold, first, kept[n:n+len(values)])]
}
