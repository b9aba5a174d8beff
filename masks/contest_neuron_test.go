package masks

import (
	"slices"
	"testing"

	"ergon/internal/philox"
)

// Onto each neuron those win that a sort of its synapses' keys says, however many
// neurons there are, and stretches of an array are selected as the whole is.
func TestNeuronsDecideOnTheirOwn(t *testing.T) {
	const in, p = 70, 0.2
	noise := philox.New(3, "test/neurons")
	for _, out := range []int{1, columnsPerLine - 1, columnsPerLine, columnsPerLine + 1, 3*columnsPerLine + 5} {
		for _, order := range []string{"largest", "smallest"} {
			spec := &Competitive{Share: Share{P: []float64{p}}, Among: "neuron", Order: order, By: "weight", Scope: Scope{Biases: true}}
			layers := []Layer{{In: in, Out: out, Bias: true}}
			made, err := spec.New(Network{Layers: layers}, 0, "")
			if err != nil {
				t.Fatal(err)
			}
			step := &Step{Arrays: Arrays(layers)}
			for a, s := range step.Arrays {
				for i := range s.In * s.Out {
					s.Weights = append(s.Weights, float32(noise.Normal(uint64(a), uint64(i))))
				}
				s.Gradient = s.Weights
			}
			if err := made.Begin(step); err != nil {
				t.Fatal(err)
			}
			flip := made.(*competitive).flip
			for j := range out {
				var keys []uint32
				for _, s := range step.Arrays {
					for i := j; i < len(s.Weights); i += out {
						keys = append(keys, Key(s.Weights[i])^flip)
					}
				}
				slices.Sort(keys)
				for _, s := range step.Arrays {
					for i := j; i < len(s.Weights); i += out {
						wins := Key(s.Weights[i])^flip >= keys[len(keys)-quota(p, in+1)]
						if kept := len(made.Select(s, i, i+1, nil)) == 1; kept != wins {
							t.Fatalf("%s of %d: synapse %d onto neuron %d: kept %v, want %v", order, out, i/out, j, kept, wins)
						}
					}
				}
			}
			for _, s := range step.Arrays {
				all, lo := made.Select(s, 0, len(s.Weights), nil), len(s.Weights)/3
				if parts := made.Select(s, lo, len(s.Weights), made.Select(s, 0, lo, nil)); !slices.Equal(parts, all) {
					t.Errorf("%s of %d: selected %v in two parts, %v at once", order, out, parts, all)
				}
			}
		}
	}
}
