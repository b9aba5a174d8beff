package masks_test

import (
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// In a layer whose units are joined to each other, every rule sees the pairs i < j: they are
// counted as its weights, and others are kept by no rule.
func TestTriangle(t *testing.T) {
	const n = 7
	net := masks.Network{Layers: []masks.Layer{{In: n, Out: n, Bias: true, Triangular: true}}}
	if got := net.Layers[0].Weights(); got != n*(n-1)/2 {
		t.Errorf("%d weights, want %d", got, n*(n-1)/2)
	}
	rule := masks.Rule{Mask: []masks.MaskSpec{&rules.Full{}}}
	all, err := rule.NewMasks(net, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range masks.Arrays(net.Layers) {
		kept := 0
		for i, keeps := range maskstest.Keeps(all, s) {
			if want := s.Bias || i/n < i%n; keeps != want {
				t.Errorf("%s: %d,%d is kept: %t", s.Name(), i/n, i%n, keeps)
			}
			if keeps {
				kept++
			}
		}
		if kept != s.Size() {
			t.Errorf("%s: %d synapses are kept, and its size is %d", s.Name(), kept, s.Size())
		}
	}
}

// The synapses among some places of an array, counted one by one.
func TestSynapsesAmongPlaces(t *testing.T) {
	const n = 5
	layers := []masks.Layer{{In: n, Out: n, Bias: true, Triangular: true}, {In: n, Out: 2}}
	for _, s := range masks.Arrays(layers) {
		for hi := range s.In*s.Out + 1 {
			want := 0
			for lo := hi; lo >= 0; lo-- {
				if lo < hi && (!s.Triangular || lo/n < lo%n) {
					want++
				}
				if got := s.Among(lo, hi); got != want {
					t.Errorf("%s: %d synapses in [%d,%d), want %d", s.Name(), got, lo, hi, want)
				}
			}
		}
		if got := s.Among(0, s.In*s.Out); got != s.Size() {
			t.Errorf("%s: %d synapses in all, and its size is %d", s.Name(), got, s.Size())
		}
	}
}

// Exactly a share p of the pairs may change, and no other place of the array.
func TestShareOfATriangle(t *testing.T) {
	const n, p = 20, 0.3
	layers := []masks.Layer{{In: n, Out: n, Triangular: true}}
	spec := &rules.FixedSynapses{Share: masks.Share{P: []float64{p}}}
	for seed := range uint64(20) {
		m, err := spec.New(masks.Network{Layers: layers}, seed, "test")
		if err != nil {
			t.Fatal(err)
		}
		kept := m.Select(masks.Arrays(layers)[0], 0, n*n, nil)
		if want := 57; len(kept) != want { // 0.3 · 20·19/2
			t.Errorf("seed %d: %d synapses may change, want %d", seed, len(kept), want)
		}
		for _, i := range kept {
			if i/n >= i%n {
				t.Errorf("seed %d: %d,%d may change, and is no synapse", seed, i/n, i%n)
			}
		}
	}
}
