package competitive

import (
	"ergon/internal/outerproduct"
	"ergon/internal/schema"
	"ergon/internal/selection"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// competitive is a Competitive mask of a network.
type competitive struct {
	*Competitive
	competitionOf []*competition // of each layer: the competition it takes part in; nil: none
	competitions  []*competition
	flip          uint32                  // is XORed with keys: all bits if the smallest win, else 0
	products      []*outerproduct.Product // of each layer: its gradient x ⊗ δ
	scratch
}

// scratch is space for the competitions of a step.
type scratch struct {
	arrays   []candidates // of one competition
	values   [][]float32  // what is compared, of each of arrays
	keys     []uint32
	unitKeys [][]uint32 // keys of the candidates onto each neuron
	unitSums []uint32   // keys of Σ_b|activity| or Σ_b|error| of the plastic neurons
	plastic  []bool     // of each neuron: whether a synapse onto it may change
	sample   selection.Sample
	columns  selection.Columns
}

var (
	_ masks.GradientFree = (*competitive)(nil)
	_ masks.RowPatterned = (*competitive)(nil)
	_ masks.DeviceMask   = (*competitive)(nil)
	_ masks.Local        = (*competitive)(nil)
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
		if shares[l] < 1 && c.Covers(&masks.Synapses{Layer: l}) && sum(m.onto(layer)) > 0 {
			m.join(l, layer, shares[l])
		}
	}
	return m, nil
}

// Begin implements Mask: it decides the competitions of the step.
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

// GradientFree implements masks.GradientFree: Begin computes the gradients it compares.
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

// Locality implements Local: a synapse knows the threshold of its competition.
func (m *competitive) Locality() (masks.Locality, error) {
	if m.ofUnits() {
		return 0, schema.Fieldf("by", "%s compares neurons, whose synapses win or lose together; set update or weight", m.By)
	}
	return masks.MeanField, nil
}
