package competitive

import (
	"math"
	"slices"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/selection"
	"ergon/masks"
)

// In a layer large enough to be sampled, the threshold is that of a sort, also with many
// ties and with the largest values side by side.
func TestLargestOfMany(t *testing.T) {
	const in, out = 300, 100
	noise := philox.New(5, "test/many")
	for name, value := range map[string]func(i int) float64{
		"normal":   func(i int) float64 { return noise.Normal(0, uint64(i)) },
		"ties":     func(i int) float64 { return math.Round(noise.Normal(0, uint64(i))) },
		"zeros":    func(i int) float64 { return max(0, noise.Normal(0, uint64(i))-2) },
		"together": func(i int) float64 { return float64(i) },
		"equal":    func(int) float64 { return 1 },
	} {
		for _, p := range []float64{0.0001, 0.01, 0.1, 0.5} {
			for _, order := range []string{"largest", "smallest"} {
				spec := &Competitive{Share: masks.Share{P: []float64{p}}, Among: "layer", Order: order, By: "update"}
				made, err := spec.New(masks.Network{Layers: []masks.Layer{{In: in, Out: out}}}, 0, "")
				if err != nil {
					t.Fatal(err)
				}
				m := made.(*competitive)
				s := &masks.Synapses{In: in, Out: out, Weights: make([]float32, in*out), Gradient: make([]float32, in*out)}
				keys := make([]uint32, in*out)
				for i := range s.Gradient {
					s.Gradient[i] = float32(value(i))
					keys[i] = selection.Key(s.Gradient[i]) ^ m.flip
				}
				if err := m.Begin(&masks.Step{Arrays: []*masks.Synapses{s}}); err != nil {
					t.Fatal(err)
				}
				slices.Sort(keys)
				want := max(keys[len(keys)-quota(p, in*out)], m.least())
				if got := m.competitions[0].threshold[0]; got != want {
					t.Errorf("%s, p %v, %s: threshold %x, want %x", name, p, order, got, want)
				}
			}
		}
	}
}

// If the sample contains none of the winners, all values are compared.
func TestLargestOfManyThatTheSampleDoesNotSee(t *testing.T) {
	const in, out = 1024, 16 // the sample is the first column
	const unseen = in * (out - 1)
	spec := &Competitive{Share: masks.Share{P: []float64{1 - 1024./(in*out-1)}}, Among: "layer", Order: "largest", By: "weight"}
	made, err := spec.New(masks.Network{Layers: []masks.Layer{{In: in, Out: out}}}, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	s := &masks.Synapses{In: in, Out: out, Weights: make([]float32, in*out), Gradient: make([]float32, in*out)}
	for i := range s.Weights {
		if s.Weights[i] = 1; i%out == 0 {
			s.Weights[i] = 0.5
		}
	}
	if err := made.Begin(&masks.Step{Arrays: []*masks.Synapses{s}}); err != nil {
		t.Fatal(err)
	}
	if kept := made.Select(s, 0, in*out, nil); len(kept) != unseen {
		t.Errorf("%d win, want %d", len(kept), unseen)
	}
}
