package rules_test

import (
	"math"
	"slices"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// keptBy returns what a mask of a kind keeps of each array in a step of two presentations.
func keptBy(t *testing.T, net masks.Network, spec masks.MaskSpec) (kept [][]bool) {
	t.Helper()
	m, err := spec.New(net, 3, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	step := masks.Step{Number: 1, Arrays: masks.Arrays(net.Layers), Presentation: maskstest.Labelled(1)}
	if err := m.Begin(&step); err != nil {
		t.Fatal(err)
	}
	for _, s := range step.Arrays {
		kept = append(kept, maskstest.Keeps([]masks.Mask{m}, s))
	}
	return kept
}

// Of every kind that has sides, both is the intersection of post and pre, and pre leaves
// all biases plastic.
func TestSides(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{{In: 9, Out: 8, Bias: true}, {In: 8, Out: 7, Bias: true}}, Classes: maskstest.Classes}
	tried := 0
	for _, kind := range masks.Masks.Kinds() {
		sided := map[string][][]bool{}
		for _, f := range kind.Fields {
			if f.Key != "side" {
				continue
			}
			tried++
			for _, side := range []string{"post", "pre", "both"} {
				rule, err := maskstest.Decode(map[string]any{"mask": map[string]any{"kind": kind.Name, "side": side, "p": 0.3}})
				if err != nil {
					t.Fatal(err)
				}
				sided[side] = keptBy(t, net, rule.Mask[0])
			}
		}
		for a, both := range sided["both"] {
			for i, kept := range both {
				if post, pre := sided["post"][a][i], sided["pre"][a][i]; kept != (post && pre) || a%2 == 1 && !pre {
					t.Fatalf("%s, array %d, synapse %d: post %t, pre %t, both %t", kind.Name, a, i, post, pre, kept)
				}
			}
			if a == 0 && (!slices.Contains(both, true) || !slices.Contains(sided["post"][1], false)) {
				t.Errorf("%s: nothing is told apart", kind.Name)
			}
		}
	}
	if tried < 3 {
		t.Errorf("%d kinds have sides, want three or more", tried)
	}
}

// A subnet is the first k units of each hidden layer, every input and every output.
func TestSubnetIsTheFirstUnits(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{{In: 4, Out: 5, Bias: true}, {In: 5, Out: 6, Bias: true}, {In: 6, Out: 3, Bias: true}}}
	inside := func(layer, unit int) bool { return layer == 0 || layer == 3 || unit < []int{0, 2, 3}[layer] }
	for a, kept := range keptBy(t, net, &rules.Subnet{K: []int{2, 3}, Biases: true}) {
		s := masks.Arrays(net.Layers)[a]
		for i, plastic := range kept {
			want := inside(s.Layer+1, i%s.Out) && (s.Bias || inside(s.Layer, i/s.Out))
			if plastic != want {
				t.Fatalf("array %d, synapse %d: plastic %t, want %t", a, i, plastic, want)
			}
		}
	}
}

// A synapse that Adam's masks keep for the first time in step t is corrected for t steps,
// although its means are those of one gradient.
func TestAdamCorrectsForTheStepsOfTheNetwork(t *testing.T) {
	spec := &rules.Adam{LearningRate: 0.01, Beta1: 0.9, Beta2: 0.99, Epsilon: 1e-8}
	o, err := spec.New(masks.Network{Layers: []masks.Layer{{In: 2, Out: 1}}}, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	for step := 1; step <= 5; step++ {
		o.Begin()
		o.Update(0, 0, 1)
		const g = 0.5
		m, v := (1-0.9)*g, (1-0.99)*g*g
		want := -0.01 * (m / (1 - math.Pow(0.9, float64(step)))) / (math.Sqrt(v/(1-math.Pow(0.99, float64(step)))) + 1e-8)
		if step < 5 {
			continue
		}
		if got := float64(o.Update(0, 1, g)); math.Abs(got-want) > 1e-6*math.Abs(want) {
			t.Errorf("Δw %g in step %d, want %g", got, step, want)
		}
	}
}
