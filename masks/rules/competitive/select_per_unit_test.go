package competitive

import (
	"slices"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/selection"
	"ergon/masks"
)

// The winners onto each unit are those of a sort of its synapses' keys, for any number
// of units. Selecting an array in chunks gives the same as selecting it at once.
func TestUnitsDecideOnTheirOwn(t *testing.T) {
	const in, p = 70, 0.2
	noise := philox.New(3, "test/neurons")
	// selection.Columns takes 16 units at a time.
	for _, out := range []int{1, 15, 16, 17, 53} {
		for _, order := range []string{"largest", "smallest"} {
			spec := &Competitive{Share: masks.Share{P: []float64{p}}, Among: "neuron", Order: order, By: "weight", Scope: masks.Scope{Biases: true}}
			layers := []masks.Layer{{In: in, Out: out, Bias: true}}
			made, err := spec.New(masks.Network{Layers: layers}, 0, "")
			if err != nil {
				t.Fatal(err)
			}
			step := &masks.Step{Arrays: masks.Arrays(layers)}
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
						keys = append(keys, selection.Key(s.Weights[i])^flip)
					}
				}
				slices.Sort(keys)
				for _, s := range step.Arrays {
					for i := j; i < len(s.Weights); i += out {
						wins := selection.Key(s.Weights[i])^flip >= keys[len(keys)-quota(p, in+1)]
						if kept := len(made.Select(s, i, i+1, nil)) == 1; kept != wins {
							t.Fatalf("%s of %d: synapse %d onto unit %d: kept %v, want %v", order, out, i/out, j, kept, wins)
						}
					}
				}
			}
			for _, s := range step.Arrays {
				all, lo := made.Select(s, 0, len(s.Weights), nil), len(s.Weights)/3
				if chunks := made.Select(s, lo, len(s.Weights), made.Select(s, 0, lo, nil)); !slices.Equal(chunks, all) {
					t.Errorf("%s of %d: selected %v in two chunks, %v at once", order, out, chunks, all)
				}
			}
		}
	}
}
