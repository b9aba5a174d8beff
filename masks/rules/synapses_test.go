package rules

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/masks"
)

// The paper's network with rule 104: round(p·n) plastic synapses of each layer,
// p_2 = 78.4 p, the same ones in every step.
func TestFixedSynapsesOfThePaper(t *testing.T) {
	layers := []masks.Layer{{In: 785, Out: 200, Constant: 1}, {In: 200, Out: 10}}
	spec := &FixedSynapses{masks.Share{P: []float64{0.01}, Balance: true}, masks.Scope{Biases: true}}
	m, err := spec.New(masks.Network{Layers: layers}, 1, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	for a, want := range []int{1570, 1568} { // round(0.01·785·200), round(0.784·200·10)
		s := masks.Arrays(layers)[a]
		kept := m.Select(s, 0, s.In*s.Out, nil)
		if err := m.Begin(&masks.Step{Number: 1}); err != nil {
			t.Fatal(err)
		}
		if len(kept) != want || !slices.Equal(kept, m.Select(s, 0, s.In*s.Out, nil)) {
			t.Errorf("layer %d: %d plastic synapses, want %d for life", a+1, len(kept), want)
		}
	}
}

func TestFixedSynapsesOfBiases(t *testing.T) {
	layers := []masks.Layer{{In: 4, Out: 5, Bias: true}}
	bias := masks.Arrays(layers)[1]
	m, err := (&FixedSynapses{masks.Share{P: []float64{0.5}}, masks.Scope{Biases: true}}).New(masks.Network{Layers: layers}, 1, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	if kept := m.Select(bias, 0, 5, nil); len(kept) != 2 { // round(2.5), half to even
		t.Errorf("%d of 5 biases are plastic, want 2", len(kept))
	}
	free, err := (&FixedSynapses{masks.Share{P: []float64{0.5}}, masks.Scope{}}).New(masks.Network{Layers: layers}, 1, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	if !free.KeepsAll(bias) || free.KeepsAll(masks.Arrays(layers)[0]) {
		t.Error("biases: false must free the biases, and only them")
	}
}

// Every number has the same probability to be in the set.
func TestChooseIsUniform(t *testing.T) {
	const n, k, sets = 70, 21, 4000
	counts := make([]int, n)
	for seed := range uint64(sets) {
		set := choose(philox.New(seed, "set"), k, n)
		for i := range counts {
			counts[i] += int(set[i/64] >> (i % 64) & 1)
		}
	}
	mean := float64(sets) * k / n
	deviation := math.Sqrt(mean * (1 - float64(k)/n))
	for i, c := range counts {
		if math.Abs(float64(c)-mean) > 5*deviation {
			t.Errorf("number %d was chosen %d times, expected %.0f ± %.0f", i, c, mean, deviation)
		}
	}
}

func TestChooseChoosesExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		size := 0
		for _, word := range choose(philox.New(rapid.Uint64().Draw(t, "seed"), "set"), k, n) {
			size += bits.OnesCount64(word)
		}
		if size != k {
			t.Fatalf("%d numbers, want %d", size, k)
		}
	})
}
