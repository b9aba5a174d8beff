package cpu

import (
	"reflect"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// DrawAhead names the units whose errors are needed: those whose synapses may change,
// and all units above a layer that learns.
func TestDrawAhead(t *testing.T) {
	layers := []masks.Layer{{In: 8, Out: 6, Bias: true}, {In: 6, Out: 4, Bias: true}, {In: 4, Out: 3, Bias: true}}
	for _, c := range []struct {
		name string
		all  []masks.MaskSpec
		want [][]int32 // nil: no limits
	}{
		{"full", []masks.MaskSpec{&rules.Full{}}, [][]int32{nil, nil, nil}},
		{"the lowest frozen", []masks.MaskSpec{&rules.Frozen{Scope: masks.Scope{Layers: []int{1}, Biases: true}}}, [][]int32{{}, nil, nil}},
		{"the lowest frozen but for biases", []masks.MaskSpec{&rules.Frozen{Scope: masks.Scope{Layers: []int{1}}}}, [][]int32{nil, nil, nil}},
		{"the second frozen", []masks.MaskSpec{&rules.Frozen{Scope: masks.Scope{Layers: []int{2}, Biases: true}}}, [][]int32{nil, nil, nil}},
		{"only the last learns", []masks.MaskSpec{&rules.Frozen{Scope: masks.Scope{Layers: []int{1, 2}, Biases: true}}}, [][]int32{{}, {}, nil}},
		{"subnet", []masks.MaskSpec{&rules.Subnet{K: []int{2}, Biases: true}}, [][]int32{{0, 1}, nil, nil}},
		{"subnet, all biases", []masks.MaskSpec{&rules.Subnet{K: []int{2}}}, [][]int32{nil, nil, nil}},
		{"subnet above a frozen layer", []masks.MaskSpec{&rules.Frozen{Scope: masks.Scope{Layers: []int{1}, Biases: true}}, &rules.Subnet{K: []int{2}, Biases: true}}, [][]int32{{}, {0, 1}, nil}},
		{"no unit", []masks.MaskSpec{&rules.Neurons{P: 0, Side: "post", Redraw: "step", Scope: masks.Scope{Biases: true}}}, [][]int32{{}, {}, {}}},
		{"every unit's inputs", []masks.MaskSpec{&rules.Neurons{P: 0.5, Side: "pre", Redraw: "step", Scope: masks.Scope{Biases: true}}}, [][]int32{nil, nil, nil}},
		{"a mask that needs gradients", []masks.MaskSpec{&steep{threshold: 0.1}}, nil},
		{"random synapses", []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "step"}}, nil},
	} {
		rule := rules.Default()
		rule.Mask, rule.Optimizer = c.all, &rules.SGD{LearningRate: 0.1}
		u, err := NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := u.DrawAhead()
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(c.want) {
			t.Fatalf("%s: %v, want %v", c.name, got, c.want)
		}
		for l, units := range got {
			if (units == nil) != (c.want[l] == nil) || len(units) != len(c.want[l]) || len(units) > 0 && !reflect.DeepEqual(units, c.want[l]) {
				t.Errorf("%s: layer %d looks at %v, want %v", c.name, l+1, units, c.want[l])
			}
		}
	}
}

// A step whose masks were drawn ahead makes the same changes as one whose masks were
// not, and the next step has new masks.
func TestStepDrawnAheadIsTheSame(t *testing.T) {
	layers := []masks.Layer{{In: 40, Out: 30, Bias: true}, {In: 30, Out: 5, Bias: true}}
	rule := rules.Default()
	rule.Mask, rule.Optimizer = []masks.MaskSpec{&rules.Neurons{P: 0.3, Side: "both", Redraw: "step", Scope: masks.Scope{Biases: true}}}, &rules.SGD{LearningRate: 0.1}
	var outcomes [2][]masks.Change
	for i, ahead := range []bool{false, true} {
		u, err := NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := maskstest.NewNetwork(layers, 1)
		for step := range uint64(4) {
			if ahead {
				if _, err := u.DrawAhead(); err != nil {
					t.Fatal(err)
				}
			}
			takeStep(t, u, n, step, 4, false)
			outcomes[i] = append(outcomes[i], u.Changes()...)
		}
	}
	if !reflect.DeepEqual(outcomes[0], outcomes[1]) {
		t.Errorf("changes %v, drawn ahead %v", outcomes[0], outcomes[1])
	}
	if reflect.DeepEqual(outcomes[0][:2], outcomes[0][2:4]) {
		t.Error("two steps have the same masks")
	}
}
