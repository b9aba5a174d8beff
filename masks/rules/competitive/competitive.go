// Package competitive has the mask of the largest updates: which synapses win, and how
// the winners are found.
package competitive

import (
	"math"

	"ergon/internal/outerproduct"
	"ergon/internal/schema"
	"ergon/internal/selection"
	"ergon/internal/submatrix"
	"ergon/masks"
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
	masks.Share
	Among string `key:"scope" doc:"who competes: the synapses of a layer, of a neuron (those onto it), or of the whole network" oneof:"layer|neuron|network"`
	Order string `key:"order" doc:"who wins; smallest is the paper's control" oneof:"largest|smallest"`
	By    string `key:"by" doc:"what is compared: |update| or |weight| of synapses; or of neurons |activity| or |error|, summed over the batch, and all synapses onto the neuron win" oneof:"update|weight|activity|error"`
	masks.Scope
}

func init() {
	masks.Masks.Register("competitive", schema.Doc{
		Summary: "the share p of largest updates is made, others are not",
		Source:  "van Rossum & Pache 2024, rules 20, 2020, 2000; controls 21-23, 30-33, 40, 41",
	}, func() masks.MaskSpec {
		return &Competitive{
			Share: masks.Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: masks.Scope{Biases: true},
		}
	})
}

// Validate implements schema's check of fields against each other.
func (c *Competitive) Validate() error {
	switch {
	case c.Among == "network" && (len(c.P) > 1 || c.Balance):
		return schema.Fieldf("scope", "network is one competition: p is one number, without balance")
	case c.Among != "layer" && c.ofUnits():
		return schema.Fieldf("scope", "is layer where neurons compete (by: %s)", c.By)
	}
	return c.Share.Validate()
}

// ofUnits says that neurons compete rather than synapses.
func (c *Competitive) ofUnits() bool { return c.By == "activity" || c.By == "error" }

// competitive is a Competitive mask of a network.
type competitive struct {
	*Competitive
	competitionOf []*competition // that each layer takes part in; nil: none
	competitions  []*competition
	flip          uint32                  // turned in keys: all bits where the smallest win, else none
	products      []*outerproduct.Product // of each layer, the gradient by its factors

	// Scratch space of Begin.
	arrays   []candidates // of a competition
	values   [][]float32
	keys     []uint32
	unitKeys [][]uint32 // keys of the candidates onto each neuron
	unitSums []uint32   // keys of the neurons that compete
	plastic  []bool
	sample   selection.Sample
	columns  selection.Columns
}

// competition is one of the synapses, or neurons, of some layers.
type competition struct {
	layers    []int
	products  []*outerproduct.Product // of the layers
	share     float64
	n         int      // n; with scope neuron, of each neuron
	threshold []uint32 // key that winners reach; with scope neuron, of each neuron
	factored  bool     // the products of the layers know who has won
	winners   []int32  // where neurons compete: those that have won
}

var (
	_ masks.MaskSpec     = (*Competitive)(nil)
	_ masks.GradientFree = (*competitive)(nil)
	_ masks.RowPatterned = (*competitive)(nil)
	_ masks.DeviceMask   = (*competitive)(nil)
)

// New implements MaskSpec.
func (c *Competitive) New(net masks.Network, _ uint64, _ string) (masks.Mask, error) {
	shares, err := c.Of(net)
	if err != nil {
		return nil, err
	}
	if err := c.Check(net.Layers); err != nil {
		return nil, err
	}
	m := &competitive{Competitive: c, competitionOf: make([]*competition, len(net.Layers)), products: make([]*outerproduct.Product, len(net.Layers))}
	if c.Order == "smallest" {
		m.flip = selection.MagnitudeBits
	}
	for l, layer := range net.Layers {
		m.products[l] = new(outerproduct.Product)
		if shares[l] < 1 && c.Covers(&masks.Synapses{Layer: l}) {
			m.join(l, layer, shares[l])
		}
	}
	return m, nil
}

// join lets a layer take part in a competition: one of its own, or the network's.
func (m *competitive) join(l int, layer masks.Layer, share float64) {
	if m.Among != "network" || len(m.competitions) == 0 {
		m.competitions = append(m.competitions, &competition{share: share, threshold: make([]uint32, 1)})
	}
	c := m.competitions[len(m.competitions)-1]
	c.layers, c.products = append(c.layers, l), append(c.products, m.products[l])
	m.competitionOf[l] = c
	rows := layer.In
	if layer.Bias && m.Biases {
		rows++
	}
	switch {
	case m.ofUnits():
		c.n, c.winners = layer.Out, []int32{} // nil would be all
	case m.Among == "neuron":
		c.n, c.threshold = rows, make([]uint32, layer.Out)
	default:
		c.n += rows * layer.Out
	}
}

// quota returns how many of n distinct magnitudes win at share p: those not below element
// number round((1-p)(n-1)) of their ascending order, the first being number 0 (van Rossum
// & Pache 2024, code).
func quota(p float64, n int) int {
	return n - int(math.RoundToEven((1-p)*float64(n-1)))
}

// least returns the least key that may win. Who has no update to make cannot
// have one of the largest, also where an optimizer remembers earlier ones.
func (m *competitive) least() uint32 {
	if m.By == "update" && m.Order == "largest" {
		return 1
	}
	return 0
}

// Begin implements Mask: it holds the competitions of the step.
func (m *competitive) Begin(step *masks.Step) error {
	for _, c := range m.competitions {
		k := quota(c.share, c.n)
		if c.factored = m.selectFromFactors(step, c, k); c.factored {
			continue
		}
		all, err := m.collect(step, c)
		switch {
		case err != nil:
			return err
		case m.ofUnits():
			err = m.selectUnits(step, c, k)
		case m.Among == "neuron":
			m.selectPerUnit(c, k, all)
		default:
			m.selectAll(c, k, all)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// KeepsAll implements Mask.
func (m *competitive) KeepsAll(s *masks.Synapses) bool {
	return m.competitionOf[s.Layer] == nil || s.Bias && !m.Biases
}

// Select implements Mask.
func (m *competitive) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	c := m.competitionOf[s.Layer]
	switch {
	case m.ofUnits():
		return submatrix.Submatrix{Columns: c.winners}.Select(s.Out, lo, hi, kept)
	case c.factored:
		return m.products[s.Layer].Select(s.Bias, lo, hi, kept)
	case m.Among == "neuron":
		return m.appendWinners(s, lo, hi, c.threshold, kept)
	}
	return appendAtLeast(kept, m.compared(s)[lo:hi], lo, m.flip, c.threshold[0])
}

// GradientFree implements masks.GradientFree: Begin writes out what it compares.
func (*competitive) GradientFree() {}

// RowPatterns implements RowPatterned.
func (m *competitive) RowPatterns(s *masks.Synapses) *outerproduct.RowPatterns {
	if c := m.competitionOf[s.Layer]; !c.factored || s.Bias {
		return nil
	}
	return m.products[s.Layer].Kept()
}

// DeviceSet implements DeviceMask.
func (m *competitive) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	c := m.competitionOf[s.Layer]
	w := masks.KeepTop{Competition: c, By: m.By, K: quota(c.share, c.n), Flip: m.flip, Least: m.least(), Kind: masks.OfSynapses}
	switch {
	case m.ofUnits():
		w.Kind = masks.OfUnits
	case m.Among == "neuron":
		w.Kind = masks.PerUnit
	}
	return w
}
