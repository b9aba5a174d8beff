package rules

import (
	"errors"
	"fmt"
	"math"

	"ergon/internal/bitset"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// PerClass gives each class a random set of neurons, drawn once: exactly round(P·n) of
// the n units of each layer. Sets of different classes may overlap. As in Neurons, a
// unit outside the set of the class presented freezes its columns (side post), rows
// (pre) or both. A batch may change the units of all classes in it, so the mask belongs
// to a single class only at batch 1.
//
// The paper leaves the output layer of its 784-200-10 network free:
// {kind: per_class, p: 0.1, layers: [1]}.
type PerClass struct {
	P    float64 `key:"p" doc:"share of each layer's units that belong to a class" in:"[0,1]"`
	Side string  `key:"side" doc:"post: columns, synapses onto the unit; pre: rows, synapses from it; both" oneof:"post|pre|both"`
	masks.Scope
}

func init() {
	masks.Masks.Register("per_class", schema.Doc{
		Summary:    "only synapses of the neurons of the class presented may change, a fixed random set for each",
		Source:     "van Rossum & Pache 2024, rule 6, there with layers: [1] and train.batch: 1",
		Definition: "In a batch the units of all its classes may change, the union of their sets; " + sides + ".",
	}, func() masks.MaskSpec {
		return &PerClass{P: 0.5, Side: "post", Scope: masks.Scope{Biases: true}}
	})
}

// perClass is a PerClass mask of a network.
type perClass struct {
	*PerClass
	sets   [][][]uint64 // [classes][layers of units]: bit i is unit i
	joined [][]uint64   // of each layer of units: the union over the step's classes
	units  units        // joined, as lists
}

var (
	_ masks.MaskSpec     = (*PerClass)(nil)
	_ masks.GradientFree = (*perClass)(nil)
	_ masks.UnitBlock    = (*perClass)(nil)
	_ masks.DeviceMask   = (*perClass)(nil)
)

// New implements MaskSpec.
func (c *PerClass) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	if net.Classes == 0 {
		return nil, schema.Fieldf("kind", "per_class needs classes, and the data has real-valued targets; use neurons")
	}
	m := &perClass{PerClass: c, sets: make([][][]uint64, net.Classes)}
	for l, size := range masks.UnitCounts(net.Layers) {
		for class := range m.sets {
			stream := philox.New(seed, fmt.Sprintf("%s/class/%d/units/%d", name, class, l))
			m.sets[class] = append(m.sets[class], choose(stream, int(math.RoundToEven(c.P*float64(size))), size))
		}
		m.joined = append(m.joined, make([]uint64, (size+63)/64))
		m.units = append(m.units, make([]int32, 0, size))
	}
	return m, c.Check(net.Layers)
}

// Begin implements Mask.
func (m *perClass) Begin(step *masks.Step) error {
	if len(step.Labels) == 0 {
		return errors.New("masks: per_class was not told the labels of the step's presentations")
	}
	for l := range m.joined {
		clear(m.joined[l])
	}
	for _, label := range step.Labels {
		if label < 0 || int(label) >= len(m.sets) {
			return fmt.Errorf("masks: per_class was presented class %d of %d", label, len(m.sets))
		}
		m.join(m.sets[label])
	}
	for l, set := range m.joined {
		m.units[l] = m.units[l][:0]
		for word, bits := range set {
			m.units[l] = bitset.Append(m.units[l], bits, 64*word, 0, 64*len(set))
		}
	}
	return nil
}

// join adds a class's units to the union.
func (m *perClass) join(set [][]uint64) {
	for l := range set {
		for word, bits := range set[l] {
			m.joined[l][word] |= bits
		}
	}
}

// KeepsAll implements Mask.
func (m *perClass) KeepsAll(s *masks.Synapses) bool {
	return !m.Covers(s) || m.P == 1 || m.Block(s).All()
}

// Select implements Mask.
func (m *perClass) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return m.Block(s).Select(s.Out, lo, hi, kept)
}

// GradientFree implements masks.GradientFree.
func (*perClass) GradientFree() {}

// Block implements UnitBlock.
func (m *perClass) Block(s *masks.Synapses) submatrix.Submatrix { return m.units.block(m.Side, s) }

// DeviceSet implements DeviceMask.
func (m *perClass) DeviceSet(s *masks.Synapses) masks.DeviceSet {
	return masks.KeepUnits{Submatrix: m.Block(s), Redrawn: true}
}
