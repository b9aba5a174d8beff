package cpu

import (
	"math"

	"ergon/internal/submatrix"
	"ergon/masks"
	"ergon/masks/rules"
)

// steep keeps synapses of large gradient: a mask that needs the gradient.
type steep struct {
	rules.Full
	threshold float64
}

func (s *steep) New(masks.Network, uint64, string) (masks.Mask, error) { return s, nil }
func (*steep) KeepsAll(*masks.Synapses) bool                           { return false }
func (s *steep) Select(a *masks.Synapses, lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		if math.Abs(float64(a.Gradient[i])) > s.threshold {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// keepEach keeps every synapse, but its KeepsAll is false.
type keepEach struct{ rules.Full }

func (keepEach) Begin(*masks.Step) error                                 { return nil }
func (k keepEach) New(masks.Network, uint64, string) (masks.Mask, error) { return k, nil }
func (keepEach) KeepsAll(*masks.Synapses) bool                           { return false }
func (keepEach) Select(_ *masks.Synapses, lo, hi int, kept []int32) []int32 {
	return submatrix.Range(lo, hi, kept)
}
