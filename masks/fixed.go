package masks

import "ergon/internal/submatrix"

// fixedLayers is the mask of a network some of whose layers are fixed: none of their
// synapses may change, whatever the rule. It stands before the rule's own masks, so that
// a competition is among synapses that can change.
type fixedLayers []bool

var (
	_ GradientFree = fixedLayers(nil)
	_ DrawnAhead   = fixedLayers(nil)
	_ UnitBlock    = fixedLayers(nil)
	_ DeviceMask   = fixedLayers(nil)
)

// newFixed returns the mask of the fixed layers of a network, in a list; none if no layer
// is fixed.
func newFixed(net Network) []Mask {
	m, some := make(fixedLayers, len(net.Layers)), false
	for l, layer := range net.Layers {
		m[l], some = layer.Fixed, some || layer.Fixed
	}
	if !some {
		return nil
	}
	return []Mask{m}
}

// none is the empty set of units; nil would mean all.
var none = []int32{}

// Begin implements Mask.
func (fixedLayers) Begin(*Step) error { return nil }

// KeepsAll implements Mask.
func (m fixedLayers) KeepsAll(s *Synapses) bool { return !m[s.Layer] }

// Select implements Mask.
func (fixedLayers) Select(_ *Synapses, _, _ int, kept []int32) []int32 { return kept }

// GradientFree implements GradientFree.
func (fixedLayers) GradientFree() {}

// Units implements DrawnAhead.
func (fixedLayers) Units(*Synapses) []int32 { return none }

// Block implements UnitBlock.
func (fixedLayers) Block(*Synapses) submatrix.Submatrix { return submatrix.Submatrix{Rows: none} }

// DeviceSet implements DeviceMask.
func (fixedLayers) DeviceSet(*Synapses) DeviceSet { return KeepNone{} }
