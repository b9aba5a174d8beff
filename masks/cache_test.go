package masks

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/parallel"
)

func drawCache(t *rapid.T) Cache {
	if rapid.Bool().Draw(t, "no cache") {
		return NoCache{}
	}
	return &SynapticCache{
		Theta:   rapid.SampledFrom([]float64{0, 1e-4, 0.01, 1, math.Inf(1)}).Draw(t, "theta"),
		Tau:     rapid.SampledFrom([]float64{0.1, 3, 1000, math.Inf(1)}).Draw(t, "tau"),
		Cost:    0.01,
		Variant: rapid.SampledFrom([]string{"synapse", "neuron", "neuron_sum"}).Draw(t, "variant"),
	}
}

// compareCaches compares what the fused and the written-out cache did last: l
// in every bit, M0 exactly, sums but for their order.
func compareCaches(t *rapid.T, fast *Updater, slow *Reference) {
	if (fast.Memory() == nil) != (slow.Memory() == nil) {
		t.Fatalf("a cache on one side only")
	}
	if fast.Memory() == nil {
		return
	}
	if !sameBits(fast.Memory().Permanent(), slow.Memory().Permanent()) {
		t.Fatal("other permanent weights than the reference")
	}
	for l, got := range fast.Memory().Consolidations() {
		want := slow.Memory().Consolidations()[l]
		if got.M0 != want.M0 || math.Abs(got.M1-want.M1) > 1e-12*want.M1 || math.Abs(got.Transient-want.Transient) > 1e-12*want.Transient {
			t.Fatalf("layer %d: consolidated %+v, a recount gives %+v", l+1, got, want)
		}
	}
}

// The parts of both kinds hold every synapse of a network exactly once, and a
// unit's synapses are in one part.
func TestPartsCoverEverySynapseOnce(t *testing.T) {
	all := Arrays([]Layer{{In: 700, Out: 70, Bias: true}, {In: 70, Out: 1}, {In: 1, Out: 5000, Bias: true}})
	for name, parts := range map[string][]part{"pieces": pieces(all, 1), "columns": columns(all)} {
		seen := make([][]int, len(all))
		for a, s := range all {
			seen[a] = make([]int, s.In*s.Out)
		}
		owner := map[[2]int]int{} // part of each layer's unit
		for number, p := range parts {
			for _, r := range p.rows {
				for lo := r.first; lo < r.end; lo += r.stride {
					for i := lo; i < lo+r.width; i++ {
						seen[r.array][i]++
						unit := [2]int{p.layer, i % all[r.array].Out}
						if first, known := owner[unit]; known && first != number && name == "columns" {
							t.Fatalf("unit %v is in parts %d and %d", unit, first, number)
						}
						owner[unit] = number
					}
				}
			}
		}
		for a, counts := range seen {
			for i, n := range counts {
				if n != 1 {
					t.Fatalf("%s: synapse %d of array %d is in %d parts", name, i, a, n)
				}
			}
		}
	}
	if groups := len(columns(all[:2])); groups < 2 {
		t.Errorf("700×70 synapses are %d part, want several to work on in parallel", groups)
	}
}

// One synapse, by hand: three updates of 0.25 against θ = 0.5, then time that
// lets half of the last one decay.
func TestCacheByHand(t *testing.T) {
	w := []float32{1}
	all := []*Synapses{{In: 1, Out: 1, Weights: w}}
	m := (&SynapticCache{Theta: 0.5, Tau: 1 / math.Ln2, Variant: "synapse"}).New(all, nil)
	m.Start()
	for step, c := range []struct {
		update     float32
		want       Consolidation
		w, lasting float32
	}{
		{0.25, Consolidation{0, 0, 0.25}, 1.125, 1},
		{0.375, Consolidation{1, 0.5, 0}, 1.5, 1.5}, // reaches θ exactly
		{-0.25, Consolidation{0, 0, 0.25}, 1.375, 1.5},
		{0, Consolidation{0, 0, 0.125}, 1.4375, 1.5},
	} {
		w[0] += c.update
		m.Consolidate(1, make([]Change, 1))
		if got := m.Consolidations()[0]; got != c.want || w[0] != c.w || m.Permanent()[0][0] != c.lasting {
			t.Errorf("step %d: %+v, w = %v, l = %v; want %+v, %v, %v", step, got, w[0], m.Permanent()[0][0], c.want, c.w, c.lasting)
		}
	}
}

// θ = 0 is the plain rule, and so is any θ where nothing decays: the same
// weights to the bit. What θ = 0 consolidates are the updates themselves.
func TestCacheLimitsAreThePlainRule(t *testing.T) {
	layers := []Layer{{In: 300, Out: 40, Bias: true}, {In: 40, Out: 7, Bias: true}}
	want, changes := trained(t, Default(), layers)
	for _, variant := range []string{"synapse", "neuron", "neuron_sum"} {
		for _, c := range []SynapticCache{{Theta: 0, Tau: 2}, {Theta: 0.01, Tau: math.Inf(1)}, {Theta: math.Inf(1), Tau: math.Inf(1)}} {
			c.Variant = variant
			rule := Default()
			rule.Cache = &c
			got, counted := trained(t, rule, layers)
			if !sameBits(got, want) || counted[0] != changes[0] || counted[1] != changes[1] {
				t.Errorf("%+v: other weights or counts than the plain rule", c)
			}
		}
	}
}

// Any number of cores settles the same bits, without allocating.
func TestCacheOnSeveralCores(t *testing.T) {
	layers := []Layer{{In: 700, Out: 70, Bias: true}, {In: 70, Out: 10, Bias: true}}
	for _, variant := range []string{"synapse", "neuron", "neuron_sum"} {
		rule := Default()
		rule.Cache = &SynapticCache{Theta: 0.01, Tau: 10, Variant: variant}
		var first []Consolidation
		for _, workers := range []int{1, 3} {
			pool := parallel.New(workers)
			u, err := NewUpdater(rule, Network{Layers: layers}, 1, pool)
			if err != nil {
				t.Fatal(err)
			}
			parameters := network(layers, 1)
			differentiate(parameters, 0)
			step := func() {
				if err := u.Step(parameters); err != nil {
					t.Fatal(err)
				}
			}
			step()
			settled := append([]Consolidation(nil), u.Memory().Consolidations()...)
			if first == nil {
				first = settled
			}
			for l := range settled {
				if settled[l] != first[l] {
					t.Errorf("%s: layer %d: %+v on %d cores, %+v on one", variant, l+1, settled[l], workers, first[l])
				}
			}
			if n := testing.AllocsPerRun(20, step); n >= 1 && !raceDetector {
				t.Errorf("%s: %v allocations per step", variant, n)
			}
			pool.Close()
		}
	}
}

func BenchmarkCache(b *testing.B) {
	layers := []Layer{{In: 784, Out: 100}, {In: 100, Out: 10}}
	for _, variant := range []string{"none", "synapse", "neuron", "neuron_sum"} {
		b.Run(variant, func(b *testing.B) {
			rule := Default()
			rule.Optimizer = &SGD{LearningRate: 1e-4}
			if variant != "none" {
				rule.Cache = &SynapticCache{Theta: 0.02, Tau: 1000, Variant: variant}
			}
			u, err := NewUpdater(rule, Network{Layers: layers}, 1, nil)
			if err != nil {
				b.Fatal(err)
			}
			parameters := network(layers, 1)
			differentiate(parameters, 0)
			b.ReportAllocs()
			for b.Loop() {
				if err := u.Step(parameters); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
