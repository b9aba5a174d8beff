package maskstest

import (
	"math/rand/v2"
	"strings"
	"testing"

	"ergon/masks"
)

// wrong is a mask that selects synapses of positive weight, but for what is done to it.
type wrong struct {
	sel   func(s *masks.Synapses, lo, hi int, kept []int32) []int32
	begin func(*masks.Step)
	state any
}

func (w wrong) New(masks.Network, uint64, string) (masks.Mask, error) { return w, nil }

func (w wrong) Begin(step *masks.Step) error {
	if w.begin != nil {
		w.begin(step)
	}
	return nil
}

func (wrong) KeepsAll(*masks.Synapses) bool { return false }

func (w wrong) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	if w.sel != nil {
		return w.sel(s, lo, hi, kept)
	}
	for i := lo; i < hi; i++ {
		if s.Weights[i] > 0 {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// The suite says what is wrong with a mask that breaks its contract.
func TestWrongMasksAreReported(t *testing.T) {
	begun := 0
	for want, mask := range map[string]wrong{
		"": {},
		"want ascending numbers": {sel: func(_ *masks.Synapses, lo, hi int, kept []int32) []int32 {
			for i := hi - 1; i >= lo; i-- {
				kept = append(kept, int32(i))
			}
			return kept
		}},
		"it may read the weights of [lo,hi) only": {sel: func(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
			for i := lo; i < hi; i++ {
				if s.Weights[min(i+1, len(s.Weights)-1)] > 0 {
					kept = append(kept, int32(i))
				}
			}
			return kept
		}},
		"selects [0] as a whole": {sel: func(_ *masks.Synapses, lo, _ int, kept []int32) []int32 {
			return append(kept, int32(lo))
		}},
		"kept now": {
			begin: func(*masks.Step) { begun++ },
			sel: func(_ *masks.Synapses, lo, hi int, kept []int32) []int32 {
				for i := lo; i < hi; i++ {
					if (i+begun)%3 == 0 {
						kept = append(kept, int32(i))
					}
				}
				return kept
			},
		},
		"is not plain data": {state: rand.New(rand.NewPCG(1, 2))},
	} {
		rule := masks.Rule{Mask: []masks.MaskSpec{mask}}
		net := masks.Network{Layers: []masks.Layer{{In: 9, Out: 5, Bias: true}}, Classes: Classes}
		err := CheckMasks(&rule, net, 1, 1)
		switch {
		case want == "" && err != nil:
			t.Errorf("a right mask: %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
