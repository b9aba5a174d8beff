package rules

import (
	"math"
	"slices"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
)

// The masks differ from each other and recur with their period.
func TestAlternatingTakesTurns(t *testing.T) {
	layers := []masks.Layer{{In: 300, Out: 200}}
	s := masks.Arrays(layers)[0]
	m, err := (&Alternating{0.3, 3, "post", masks.Scope{Biases: true}}).New(masks.Network{Layers: layers}, 5, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	var turns [][]int32
	for step := range uint64(9) {
		if err := m.Begin(&masks.Step{Number: step}); err != nil {
			t.Fatal(err)
		}
		kept := m.Select(s, 0, s.In*s.Out, nil)
		columns := len(kept) / s.In
		if len(kept)%s.In != 0 || math.Abs(float64(columns)-60) > 5*math.Sqrt(200*0.3*0.7) {
			t.Errorf("step %d: %d synapses are not about 0.3 of 200 whole columns", step, len(kept))
		}
		if step < 3 {
			if slices.ContainsFunc(turns, func(k []int32) bool { return slices.Equal(k, kept) }) {
				t.Errorf("mask %d is one of those before", step)
			}
			turns = append(turns, kept)
		} else if !slices.Equal(kept, turns[step%3]) {
			t.Errorf("step %d does not have the mask of step %d", step, step%3)
		}
	}
}

// With one mask, the mask never changes, and a unit is the same choice on both sides.
func TestAlternatingSides(t *testing.T) {
	layers := []masks.Layer{{In: 30, Out: 20}, {In: 20, Out: 10}}
	plastic := map[string][][]bool{}
	for _, side := range []string{"pre", "post", "both"} {
		m, err := (&Alternating{0.5, 1, side, masks.Scope{Biases: true}}).New(masks.Network{Layers: layers}, 5, "mask/0")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Begin(&masks.Step{Number: 17}); err != nil {
			t.Fatal(err)
		}
		for _, s := range masks.Arrays(layers) {
			plastic[side] = append(plastic[side], maskstest.Keeps([]masks.Mask{m}, s))
		}
	}
	for l, both := range plastic["both"] {
		for i := range both {
			if both[i] != (plastic["pre"][l][i] && plastic["post"][l][i]) {
				t.Fatalf("layer %d, synapse %d: both is not pre and post", l+1, i)
			}
		}
	}
	for hidden := range 20 { // a hidden unit's column in layer 1 and row in layer 2
		if plastic["post"][0][hidden] != plastic["pre"][1][hidden*10] {
			t.Errorf("hidden unit %d is in the mask on one side only", hidden)
		}
	}
}
