package cpu

import (
	"slices"
	"testing"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
)

// ruleOf is the plain rule with a mask.
func ruleOf(mask masks.MaskSpec) masks.Rule {
	rule := rules.Default()
	rule.Mask = []masks.MaskSpec{mask}
	return rule
}

// step makes a step of a network by an updater.
func step(t *testing.T, u maskstest.Stepper, n *maskstest.Network, number uint64, batch int, writtenOut bool) {
	t.Helper()
	p, err := n.Present(number, batch, writtenOut, nil)
	if err != nil {
		t.Fatal(err)
	}
	u.Present(p)
	if err := u.Step(n.Parameters); err != nil {
		t.Fatal(err)
	}
}

// Every way counts the writes of the reference, where rows are longer than chunks, chunks begin within
// rows, and bytes fill up.
func TestEveryWayCountsWrites(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	scope := masks.Scope{Biases: true}
	rows := []masks.Layer{{In: 90, Out: 205, Bias: true}, {In: 205, Out: 3, Bias: true}}
	for name, c := range map[string]struct {
		layers []masks.Layer
		mask   masks.MaskSpec
		steps  int
	}{
		"full":          {rows, &rules.Full{}, 6},
		"long rows":     {[]masks.Layer{{In: 3, Out: 5000, Bias: true}}, &rules.Full{}, 4},
		"many steps":    {[]masks.Layer{{In: 7, Out: 40, Bias: true}}, &rules.Full{}, 600},
		"few kept":      {rows, &rules.Bernoulli{P: 0.02, Redraw: "step", Scope: scope}, 6},
		"half kept":     {rows, &rules.Bernoulli{P: 0.5, Redraw: "step", Scope: scope}, 6},
		"rows, columns": {rows, &rules.Neurons{P: 0.5, Side: "both", Redraw: "step", Scope: scope}, 6},
		"rows":          {rows, &rules.Neurons{P: 0.5, Side: "pre", Redraw: "step", Scope: scope}, 6},
		"subnet":        {rows, &rules.Subnet{K: []int{0}, Fraction: 0.1, Biases: true}, 6},
	} {
		for _, batch := range []int{1, 3} {
			for _, writtenOut := range []bool{false, true} {
				net := masks.Network{Layers: c.layers, Classes: maskstest.Classes}
				fast, err := NewUpdater(ruleOf(c.mask), net, 1, pool)
				if err != nil {
					t.Fatal(name, err)
				}
				slow, err := reference.NewUpdater(ruleOf(c.mask), net, 1)
				if err != nil {
					t.Fatal(name, err)
				}
				a, b := maskstest.NewNetwork(c.layers, 1), maskstest.NewNetwork(c.layers, 1)
				for number := range uint64(c.steps) {
					step(t, fast, a, number, batch, writtenOut)
					step(t, slow, b, number, batch, true)
				}
				for array, want := range slow.Writes().Counts {
					if got := fast.Writes().Counts[array]; !slices.Equal(got, want) || slices.Max(want) == 0 {
						t.Fatalf("%s, batch %d, gradients written out: %t: array %d was written %v times, by the reference %v", name, batch, writtenOut, array, got, want)
					}
				}
			}
		}
	}
}
