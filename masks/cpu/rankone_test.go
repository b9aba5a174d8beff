package cpu

import (
	"slices"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// An update by row patterns equals the reference for wide layers, whose rows do not end
// at the boundaries of chunks and words.
func TestLearningByRowPatternsEqualsReference(t *testing.T) {
	for _, out := range []int{16, 63, 64, 133, 200} {
		layers := []masks.Layer{{In: 120, Out: out, Bias: true}, {In: out, Out: 70}}
		for _, order := range []string{"largest", "smallest"} {
			for _, among := range []string{"layer", "neuron"} {
				for _, p := range []float64{0.01, 0.3, 0.95} {
					rule := rules.Default()
					rule.Optimizer, rule.Clip = &rules.SGD{LearningRate: 0.1}, &rules.ClipValue{Bound: []float64{0.05}}
					rule.Mask = []masks.MaskSpec{&competitive.Competitive{Share: masks.Share{P: []float64{p}}, Among: among, Order: order, By: "update"}}
					if out == 133 {
						rule.Mask = append([]masks.MaskSpec{&rules.Subnet{K: []int{100}}}, rule.Mask...)
					}
					checkOnProducts(t, rule, layers)
				}
			}
		}
	}
}

// checkOnProducts compares a step from factors with the reference, and its counters,
// lane by lane, with those of a step from the whole gradient.
func checkOnProducts(t *testing.T, rule masks.Rule, layers []masks.Layer) {
	t.Helper()
	net := masks.Network{Layers: layers}
	fast, err := NewUpdater(rule, net, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := NewUpdater(rule, net, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := reference.NewUpdater(rule, net, 1)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := maskstest.NewNetwork(layers, 1), maskstest.NewNetwork(layers, 1), maskstest.NewNetwork(layers, 1)
	takeStep(t, fast, a, 0, 1, false)
	takeStep(t, slow, b, 0, 1, true)
	takeStep(t, plain, c, 0, 1, true)
	if gradientsWritten(a) > 0 {
		t.Errorf("%d gradients were written out", gradientsWritten(a))
	}
	for i, got := range a.Weights() {
		if !slices.Equal(got, b.Weights()[i]) {
			t.Fatalf("array %d of %v: weights differ", i, layers)
		}
	}
	if !slices.Equal(fast.counters, plain.counters) {
		t.Errorf("%v: counted %+v, from the gradient written out %+v", layers, fast.counters, plain.counters)
	}
	for l, got := range fast.Changes() {
		if want := slow.Changes()[l]; got.M0 != want.M0 || got.Stored != want.Stored {
			t.Errorf("layer %d: counted %+v, a recount gives %+v", l+1, got, want)
		}
	}
}
