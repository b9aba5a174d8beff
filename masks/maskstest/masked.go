package maskstest

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
)

// maskedKeepTheirBits checks that a masked synapse has the same bits after a step, also if
// it is -0 or NaN. The optimizer's memory of it is checked by Kinds, and by later steps'
// comparison with the reference.
//
// A case is a step of a network, under a rule, both drawn at random. There are a hundred
// for each of rapid's checks, and enough of them mask something.
func maskedKeepTheirBits(t *testing.T, make New) {
	steps, masked := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 10 {
			s, m := compareMasked(t, make)
			steps, masked = steps+s, masked+m
		}
	})
	if masked < 10*steps {
		t.Errorf("%d steps in which %d synapses were masked, want ten times as many", steps, masked)
	}
}

// compareMasked makes a few steps of a rule. It returns their number, and the number of
// synapses that were masked in them.
func compareMasked(t *rapid.T, make New) (steps, masked int) {
	c := drawTrial(t, make, "", schema.Kind{}, func(r *masks.Rule) {
		r.Cache = masks.NoCache{}         // a cache changes synapses with time, masked or not
		r.Project = masks.NoProject{}     // a projection scales all weights
		r.Synapse = masks.Deterministic{} // so that the masks below see the stepper's gradients
	})
	same, err := c.rule.NewMasks(c.net, c.seed) // the stepper's masks, once more
	if err != nil {
		t.Fatal(err)
	}
	n := NewNetwork(c.net.Layers, c.seed)
	for _, w := range n.Weights() {
		w[0] = float32(math.Copysign(0, -1))
		if len(w) > 1 {
			w[1] = float32(math.NaN())
		}
	}
	batch := rapid.SampledFrom([]int{1, 3}).Draw(t, "batch")
	all := masks.Arrays(c.net.Layers)
	for number := range uint64(10) {
		steps++
		before := Weights(n.Parameters)
		take(t, c.stepper, n, number, batch, false, nil)
		step := masks.Step{Number: number, Arrays: all}
		if step.Presentation, err = n.Present(number, batch, true, nil); err != nil {
			t.Fatal(err)
		}
		for a, s := range all {
			g, err := n.Parameters[a].Grad()
			if err != nil {
				t.Fatal(err)
			}
			s.Weights, s.Gradient = before[a], numbers(g)
		}
		if err := masks.Draw(same, &step); err != nil {
			t.Fatal(err)
		}
		for a, s := range all {
			for i, free := range Keeps(same, s) {
				if free {
					continue
				}
				masked++
				if after := n.Weights()[a][i]; math.Float32bits(before[a][i]) != math.Float32bits(after) {
					t.Fatalf("step %d: masked synapse %d of array %d went from %v to %v", number, i, a, before[a][i], after)
				}
			}
		}
	}
	return steps, masked
}
