package rules

import (
	"math"

	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Subnet makes the coherent paths through the first k units of each hidden layer
// plastic: the synapses with both ends in the subnet. Every input, every output and
// the constant unit of the biases belong to the subnet. The rest of the network is
// frozen, but takes part in the forward pass.
type Subnet struct {
	K        []int   `key:"k" doc:"plastic units of each hidden layer (one number: of all); 0: by fraction" in:"[0,inf)"`
	Fraction float64 `key:"fraction" doc:"plastic share of each hidden layer, where k is 0: round(fraction·n) units" in:"[0,1]"`
	Biases   bool    `key:"biases" doc:"freeze the biases outside the subnet too; false leaves all biases plastic"`
}

func init() {
	masks.Masks.Register("subnet", schema.Doc{
		Summary: "only the input-output paths through k units of each hidden layer may change",
		Source:  "van Rossum & Pache 2024, rules 105 and 106",
		Definition: "The subnet is the first k units of each hidden layer, with every input and output. A synapse may change if both its units " +
			"are in it, a bias if its unit is.",
	}, func() masks.MaskSpec { return &Subnet{K: []int{0}, Fraction: 0.5, Biases: true} })
}

// subnet is a Subnet mask of a network.
type subnet struct {
	*Subnet
	units units // plastic units of each layer of units; nil: all
}

var (
	_ masks.MaskSpec     = (*Subnet)(nil)
	_ masks.GradientFree = (*subnet)(nil)
	_ masks.DrawnAhead   = (*subnet)(nil)
	_ masks.UnitBlock    = (*subnet)(nil)
	_ masks.DeviceMask   = (*subnet)(nil)
)

// New implements MaskSpec.
func (s *Subnet) New(net masks.Network, _ uint64, _ string) (masks.Mask, error) {
	layers := net.Layers
	hidden := len(layers) - 1
	if len(s.K) > 1 && len(s.K) != hidden {
		return nil, schema.Fieldf("k", "%d numbers for %d hidden layers", len(s.K), hidden)
	}
	m := &subnet{s, make(units, hidden+2)}
	for h, layer := range layers[:hidden] {
		k := 0
		if len(s.K) > 0 {
			k = s.K[min(h, len(s.K)-1)]
		}
		if k > layer.Out {
			return nil, schema.Fieldf("k", "%d units of a hidden layer that has %d", k, layer.Out)
		}
		if k == 0 {
			k = int(math.RoundToEven(s.Fraction * float64(layer.Out)))
		}
		if k < layer.Out {
			m.units[h+1] = submatrix.Range(0, k, make([]int32, 0, k))
		}
	}
	return m, nil
}

// Begin implements Mask.
func (m *subnet) Begin(*masks.Step) error { return nil }

// KeepsAll implements Mask.
func (m *subnet) KeepsAll(s *masks.Synapses) bool {
	return s.Bias && !m.Biases || m.Block(s).All()
}

// Select implements Mask.
func (m *subnet) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return m.Block(s).Select(s.Out, lo, hi, kept)
}

// GradientFree implements masks.GradientFree.
func (*subnet) GradientFree() {}

// Block implements UnitBlock.
func (m *subnet) Block(s *masks.Synapses) submatrix.Submatrix { return m.units.block("both", s) }

// Units implements DrawnAhead.
func (m *subnet) Units(s *masks.Synapses) []int32 { return m.Block(s).Columns }

// DeviceSet implements DeviceMask.
func (m *subnet) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	return masks.KeepUnits{Submatrix: m.Block(s), Redrawn: false}
}
