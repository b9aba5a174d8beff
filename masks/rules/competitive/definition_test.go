package competitive_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules/competitive"
)

// winners returns which of a group win: sort, look up the order statistic, compare.
// Frozen synapses take part with 0.
func winners(values []float64, frozen []bool, p float64, smallest bool) []bool {
	compared := make([]float64, len(values))
	for i, v := range values {
		if compared[i] = math.Abs(v); smallest {
			compared[i] = -math.Abs(v)
		}
		if frozen[i] {
			compared[i] = 0
		}
	}
	sorted := slices.Sorted(slices.Values(compared))
	threshold := sorted[int(math.RoundToEven((1-p)*float64(len(sorted)-1)))]
	kept := make([]bool, len(values))
	for i, v := range compared {
		kept[i] = v >= threshold && !frozen[i]
	}
	return kept
}

// Every competition of synapses keeps what its definition says, decided from the factors
// of the gradient or from the gradient itself.
func TestCompetitionKeepsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := maskstest.DrawLayers(t)
		if rapid.IntRange(0, 3).Draw(t, "triangular") == 0 {
			layers = []masks.Layer{maskstest.Triangle(layers[0])}
		}
		spec := &competitive.Competitive{
			Share: masks.Share{P: []float64{rapid.SampledFrom([]float64{0, 0.01, 0.1, 0.37, 0.9}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "largest", "smallest"}).Draw(t, "order"),
			By:    rapid.SampledFrom([]string{"update", "update", "weight"}).Draw(t, "by"),
			Scope: masks.Scope{Biases: rapid.Bool().Draw(t, "biases")},
		}
		step := presented(layers, rapid.Uint64().Draw(t, "seed"))
		step.Outer = rapid.Bool().Draw(t, "outer")
		before := drawBefore(t, layers)
		all, err := (&masks.Rule{Mask: append(before, spec)}).NewMasks(masks.Network{Layers: layers}, 7)
		if err != nil {
			t.Fatal(err)
		}
		if err := masks.Draw(all, step); err != nil {
			t.Fatal(err)
		}
		others := all[:len(all)-1] // those listed, and that of the network
		want := definition(spec, step, others)
		for a, s := range step.Arrays {
			got, free := maskstest.Keeps(all, s), maskstest.Keeps(others, s)
			for i := range got {
				want[a][i] = free[i] && (want[a][i] || s.Bias && !spec.Biases)
				if got[i] != want[a][i] {
					t.Fatalf("array %d, synapse %d of %d (gradient %v): kept %v, want %v", a, i, len(got), s.Gradient[i], got[i], want[a][i])
				}
			}
		}
	})
}

// definition returns what a competition keeps of each array by its definition: it forms
// the groups that compete, and decides each.
func definition(c *competitive.Competitive, step *masks.Step, before []masks.Mask) (kept [][]bool) {
	type place struct{ array, synapse int }
	groups := map[[2]int][]place{}
	for a, s := range step.Arrays {
		kept = append(kept, make([]bool, len(s.Weights)))
		if s.Bias && !c.Biases {
			continue
		}
		for i := range s.Weights {
			if s.Triangular && i/s.Out >= i%s.Out {
				continue // is no synapse
			}
			group := [2]int{s.Layer, 0}
			if c.Among == "neuron" {
				group[1] = i % s.Out
			}
			if c.Among == "network" {
				group[0] = 0
			}
			groups[group] = append(groups[group], place{a, i})
		}
	}
	var free [][]bool
	for _, s := range step.Arrays {
		free = append(free, maskstest.Keeps(before, s))
	}
	for _, members := range groups {
		var values []float64
		var frozen []bool
		for _, p := range members {
			s := step.Arrays[p.array]
			value := s.Gradient[p.synapse]
			if c.By == "weight" {
				value = s.Weights[p.synapse]
			}
			values = append(values, float64(value))
			frozen = append(frozen, !free[p.array][p.synapse])
		}
		if c.Order == "smallest" || c.By == "weight" {
			values, frozen = withoutFrozen(c, values, frozen)
		}
		for n, k := range winners(values, frozen, c.P[0], c.Order == "smallest") {
			// A synapse with a gradient of zero is not among the largest.
			kept[members[n].array][members[n].synapse] = k && (c.By == "weight" || c.Order == "smallest" || values[n] != 0)
		}
	}
	return kept
}

// withoutFrozen gives frozen synapses the magnitude that loses.
func withoutFrozen(c *competitive.Competitive, values []float64, frozen []bool) ([]float64, []bool) {
	loses := 0.0
	if c.Order == "smallest" {
		loses = math.Inf(1)
	}
	values = slices.Clone(values)
	for i, f := range frozen {
		if f {
			values[i] = loses
		}
	}
	return values, make([]bool, len(values))
}
