package caching

import (
	"testing"

	"ergon/masks"
)

// The chunks of both kinds hold every synapse of a network exactly once. Unit chunks hold
// all synapses onto a unit.
func TestChunksCoverEverySynapseOnce(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 700, Out: 70, Bias: true}, {In: 70, Out: 1}, {In: 1, Out: 5000, Bias: true}})
	for name, chunks := range map[string][]chunk{"synapses": synapseChunks(all, 1), "units": unitChunks(all, "neuron")} {
		seen := make([][]int, len(all))
		for a, s := range all {
			seen[a] = make([]int, s.In*s.Out)
		}
		owner := map[[2]int]int{} // chunk of each layer's unit
		for number, c := range chunks {
			for _, r := range c.rows {
				for lo := r.first; lo < r.end; lo += r.stride {
					for i := lo; i < lo+r.width; i++ {
						seen[r.array][i]++
						unit := [2]int{c.layer, i % all[r.array].Out}
						if first, known := owner[unit]; known && first != number && name == "units" {
							t.Fatalf("unit %v is in chunks %d and %d", unit, first, number)
						}
						owner[unit] = number
					}
				}
			}
		}
		for a, counts := range seen {
			for i, n := range counts {
				if n != 1 {
					t.Fatalf("%s: synapse %d of array %d is in %d chunks", name, i, a, n)
				}
			}
		}
	}
	if groups := len(unitChunks(all[:2], "neuron_sum")); groups < 2 {
		t.Errorf("700×70 synapses are %d chunk, want several to work on in parallel", groups)
	}
}
