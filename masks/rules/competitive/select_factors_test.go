package competitive_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/race"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// The factors give the same winners as the whole gradient, ties, underflow and overflow
// included. Factors that are not finite are not used.
func TestFactorsNameTheWinnersOfTheGradient(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(sizes))
	byFactors := 0
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 150)
		layers := []masks.Layer{{In: width.Draw(t, "in"), Out: width.Draw(t, "hidden"), Bias: rapid.Bool().Draw(t, "bias")}, {Out: 3}}
		layers[1].In = layers[0].Out
		spec := &competitive.Competitive{
			Share: masks.Share{P: []float64{rapid.SampledFrom([]float64{0, 0.01, 0.1, 0.5, 0.9, 0.99}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"),
			By:    "update", Scope: masks.Scope{Biases: rapid.Bool().Draw(t, "biases")},
		}
		all, err := (&masks.Rule{Mask: append(drawBefore(t, layers), spec)}).NewMasks(masks.Network{Layers: layers}, 7)
		if err != nil {
			t.Fatal(err)
		}
		step := factored(layers, rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom(kinds).Draw(t, "activity"), rapid.SampledFrom(kinds).Draw(t, "errors"))
		var kept [2][][]bool
		for n := range kept {
			step.Outer = n == 0
			if err := masks.Draw(all, step); err != nil {
				t.Fatal(err)
			}
			for _, s := range step.Arrays {
				kept[n] = append(kept[n], maskstest.Keeps(all, s))
			}
			if weights := step.Arrays[0]; all[len(all)-1].(masks.RowPatterned).RowPatterns(weights) != nil {
				byFactors++
			}
		}
		for a := range kept[0] {
			if !slices.Equal(kept[0][a], kept[1][a]) {
				t.Fatalf("array %d: factors keep %v, the gradient %v", a, kept[0][a], kept[1][a])
			}
		}
	})
	if byFactors < 20 {
		t.Errorf("only %d competitions were decided by factors", byFactors)
	}
}

// A step whose competitions are decided by factors allocates nothing.
func TestFactoredCompetitionAllocatesNothing(t *testing.T) {
	layers := []masks.Layer{{In: 300, Out: 200, Bias: true}, {In: 200, Out: 10, Bias: true}}
	for _, among := range []string{"layer", "neuron", "network"} {
		for _, order := range []string{"largest", "smallest"} {
			spec := &competitive.Competitive{Share: masks.Share{P: []float64{0.3}}, Among: among, Order: order, By: "update", Scope: masks.Scope{Biases: true}}
			mask, err := spec.New(masks.Network{Layers: layers}, 0, "")
			if err != nil {
				t.Fatal(err)
			}
			step := factored(layers, 1, "pixels", "errors")
			if n := testing.AllocsPerRun(5, func() {
				if err := mask.Begin(step); err != nil {
					t.Error(err)
				}
			}); n >= 1 && !race.Enabled {
				t.Errorf("%s of a %s: %v allocations", order, among, n)
			}
		}
	}
}

// A step of one presentation, decided from the factors of its gradient, equals the
// reference, which does not use factors: in every bit, with every optimizer, over
// several steps.
func TestFactoredCompetitionUpdatesLikeTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := maskstest.DrawLayers(t)
		rule := rules.Default()
		rule.Optimizer = rapid.SampledFrom([]masks.OptimizerSpec{
			&rules.SGD{LearningRate: 0.1, Half: 2}, &rules.Momentum{LearningRate: 0.05, Momentum: 0.9}, &rules.Adam{LearningRate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
		}).Draw(t, "optimizer")
		rule.Mask = append(drawBefore(t, layers), &competitive.Competitive{
			Share: masks.Share{P: []float64{rapid.SampledFrom([]float64{0.01, 0.2, 0.9}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"), By: "update",
			Scope: masks.Scope{Biases: rapid.Bool().Draw(t, "biases")},
		})
		fast, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := reference.NewUpdater(rule, masks.Network{Layers: layers}, 1)
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := maskstest.Parameters(layers, 1), maskstest.Parameters(layers, 1)
		for n := range uint64(4) {
			step := presented(layers, 100*n+rapid.Uint64().Draw(t, "seed")%100)
			for a, s := range step.Arrays {
				copy(ours[a].(maskstest.Parameter).Gradient(), s.Gradient)
				copy(theirs[a].(maskstest.Parameter).Gradient(), s.Gradient)
			}
			fast.Present(step.Presentation)
			slow.Present(step.Presentation)
			if err := fast.Step(ours); err != nil {
				t.Fatal(err)
			}
			if err := slow.Step(theirs); err != nil {
				t.Fatal(err)
			}
			if !maskstest.SameBits(maskstest.Weights(ours), maskstest.Weights(theirs)) {
				t.Fatalf("step %d: weights differ", n)
			}
			for l, c := range fast.Changes() {
				if want := slow.Changes()[l]; c.M0 != want.M0 || c.Stored != want.Stored {
					t.Fatalf("step %d, layer %d: %v, want %v", n, l+1, c, want)
				}
			}
		}
	})
}
