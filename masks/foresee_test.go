package masks

import (
	"reflect"
	"testing"
)

// What a rule looks at is known ahead: the units whose synapses may change, and all
// units above a layer that learns.
func TestForesee(t *testing.T) {
	layers := []Layer{{In: 8, Out: 6, Bias: true}, {In: 6, Out: 4, Bias: true}, {In: 4, Out: 3, Bias: true}}
	for _, c := range []struct {
		name string
		all  []MaskSpec
		want [][]int32 // nil: no limits
	}{
		{"full", []MaskSpec{&Full{}}, [][]int32{nil, nil, nil}},
		{"the lowest frozen", []MaskSpec{&Frozen{Scope{Layers: []int{1}, Biases: true}}}, [][]int32{{}, nil, nil}},
		{"the lowest frozen but for biases", []MaskSpec{&Frozen{Scope{Layers: []int{1}}}}, [][]int32{nil, nil, nil}},
		{"the second frozen", []MaskSpec{&Frozen{Scope{Layers: []int{2}, Biases: true}}}, [][]int32{nil, nil, nil}},
		{"only the last learns", []MaskSpec{&Frozen{Scope{Layers: []int{1, 2}, Biases: true}}}, [][]int32{{}, {}, nil}},
		{"subnet", []MaskSpec{&Subnet{K: []int{2}, Biases: true}}, [][]int32{{0, 1}, nil, nil}},
		{"subnet, all biases", []MaskSpec{&Subnet{K: []int{2}}}, [][]int32{nil, nil, nil}},
		{"subnet above a frozen layer", []MaskSpec{&Frozen{Scope{Layers: []int{1}, Biases: true}}, &Subnet{K: []int{2}, Biases: true}}, [][]int32{{}, {0, 1}, nil}},
		{"no unit", []MaskSpec{&Neurons{0, "post", "step", Scope{Biases: true}}}, [][]int32{{}, {}, {}}},
		{"every unit's inputs", []MaskSpec{&Neurons{0.5, "pre", "step", Scope{Biases: true}}}, [][]int32{nil, nil, nil}},
		{"a mask that looks", []MaskSpec{&steep{threshold: 0.1}}, nil},
		{"random synapses", []MaskSpec{&Bernoulli{0.5, "step", Scope{}}}, nil},
	} {
		rule := Default()
		rule.Mask, rule.Optimizer = c.all, &SGD{LearningRate: 0.1}
		u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 1, nil)
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

// A step whose masks were drawn ahead is the step that it would have been, and the
// next one has masks of its own.
func TestForeseenStepIsTheSame(t *testing.T) {
	layers := []Layer{{In: 40, Out: 30, Bias: true}, {In: 30, Out: 5, Bias: true}}
	rule := Default()
	rule.Mask, rule.Optimizer = []MaskSpec{&Neurons{0.3, "both", "step", Scope{Biases: true}}}, &SGD{LearningRate: 0.1}
	var outcomes [2][]Change
	for i, ahead := range []bool{false, true} {
		u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		for step := range uint64(4) {
			asked := 0
			parameters, presented := products(layers, 1, step, 4, &asked)
			if ahead {
				if _, err := u.DrawAhead(); err != nil {
					t.Fatal(err)
				}
			}
			u.Present(presented)
			if err := u.Step(parameters); err != nil {
				t.Fatal(err)
			}
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
