package competitive_test

import (
	"slices"
	"testing"

	"ergon/masks"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// Units compete by |activity| or |error|, summed over the batch. Units that other masks
// freeze do not win.
func TestCompetitionOfUnits(t *testing.T) {
	layers := []masks.Layer{{In: 3, Out: 4, Bias: true}}
	step := presented(layers, 1)
	step.Outer, step.Batch = false, 2
	step.Errors[0] = []float32{1, -5, 0, 2 /**/, -3, 1, 0.5, 2} // sums 4, 6, 0.5, 4
	step.Activity[1] = []float32{0, 1, 2, 3 /**/, 9, 0, 0, 0}   // sums 9, 1, 2, 3
	for name, c := range map[string]struct {
		by, order string
		p         float64
		want      []int32
	}{
		"largest error":     {"error", "largest", 0.25, []int32{0, 1, 3}}, // element round(0.75·3) = 2 of 0.5 4 4 6: the tie is kept
		"largest activity":  {"activity", "largest", 0.25, []int32{0, 3}}, // of 1 2 3 9
		"smallest activity": {"activity", "smallest", 0.5, []int32{1, 2}}, // element 2 of -9 -3 -2 -1
	} {
		spec := &competitive.Competitive{Share: masks.Share{P: []float64{c.p}}, Among: "layer", Order: c.order, By: c.by, Scope: masks.Scope{Biases: true}}
		mask, err := spec.New(masks.Network{Layers: layers}, 0, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := mask.Begin(step); err != nil {
			t.Fatal(err)
		}
		if got := mask.Select(step.Arrays[1], 0, 4, nil); !slices.Equal(got, c.want) {
			t.Errorf("%s: units %v, want %v", name, got, c.want)
		}
		frozen := &rules.Neurons{P: 0.5, Side: "post", Redraw: "never", Scope: masks.Scope{Biases: true}}
		both, err := (&masks.Rule{Mask: []masks.MaskSpec{frozen, spec}}).NewMasks(masks.Network{Layers: layers}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := masks.Draw(both, step); err != nil {
			t.Fatal(err)
		}
		step.Before = nil
		plastic := both[0].Select(step.Arrays[1], 0, 4, nil)
		for _, j := range both[1].Select(step.Arrays[1], 0, 4, nil) {
			if !slices.Contains(plastic, j) {
				t.Errorf("%s: unit %d wins, and only %v are plastic", name, j, plastic)
			}
		}
		if err := mask.Begin(&masks.Step{Arrays: step.Arrays}); err == nil {
			t.Errorf("%s: no error for a step without activities and errors", name)
		}
	}
}
