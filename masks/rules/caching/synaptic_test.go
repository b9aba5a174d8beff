package caching_test

import (
	"math"
	"testing"

	"ergon/internal/parallel"
	"ergon/internal/race"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
	"ergon/masks/rules/caching"
)

// One synapse, computed by hand: three updates of 0.25 with θ = 0.5, then the decay of
// half of the last one.
func TestCacheByHand(t *testing.T) {
	w := []float32{1}
	all := []*masks.Synapses{{In: 1, Out: 1, Weights: w}}
	m := (&caching.SynapticCache{Theta: 0.5, Tau: 1 / math.Ln2, Variant: "synapse"}).New(all, nil)
	m.Start()
	for step, c := range []struct {
		update       float32
		want         masks.Consolidation
		w, permanent float32
	}{
		{0.25, masks.Consolidation{M0: 0, M1: 0, Transient: 0.25, Decayed: 1, Lost: 0.125}, 1.125, 1},
		{0.375, masks.Consolidation{M0: 1, M1: 0.5, Transient: 0}, 1.5, 1.5}, // reaches θ exactly
		{-0.25, masks.Consolidation{M0: 0, M1: 0, Transient: 0.25, Decayed: 1, Lost: 0.125}, 1.375, 1.5},
		{0, masks.Consolidation{M0: 0, M1: 0, Transient: 0.125, Decayed: 1, Lost: 0.0625}, 1.4375, 1.5},
	} {
		w[0] += c.update
		m.Consolidate(1, make([]masks.Change, 1))
		if got := m.Consolidations()[0]; got != c.want || w[0] != c.w || m.Permanent()[0][0] != c.permanent {
			t.Errorf("step %d: %+v, w = %v, l = %v; want %+v, %v, %v", step, got, w[0], m.Permanent()[0][0], c.want, c.w, c.permanent)
		}
	}
}

// What is read and written of five synapses, of which one has changed by 0.25 and one by
// 0.75: w and l of all to see what has reached θ or to let it decay, l of those
// consolidated, w of those that decay. Nobody looks where there is nothing to see.
func TestCacheTraffic(t *testing.T) {
	forever := math.Inf(1)
	for _, c := range []struct {
		theta, tau float64
		want       masks.Traffic
	}{
		{0, 3, masks.Traffic{}},
		{0.5, 3, masks.Traffic{Reads: 10, Writes: 1 + 1}},
		{0.5, forever, masks.Traffic{Reads: 10, Writes: 1}},
		{0.1, 3, masks.Traffic{Reads: 10, Writes: 2}},
		{forever, 3, masks.Traffic{Reads: 10, Writes: 2}},
		{forever, forever, masks.Traffic{}},
	} {
		spec := &caching.SynapticCache{Theta: c.theta, Tau: c.tau, Variant: "synapse"}
		for name, m := range map[string]func([]*masks.Synapses) masks.Memory{
			"cache": func(all []*masks.Synapses) masks.Memory { return spec.New(all, nil) }, "definition": spec.WriteOut,
		} {
			w := []float32{1, 2, 3, 4, 5}
			memory := m([]*masks.Synapses{{In: 5, Out: 1, Weights: w}})
			usage := masks.Usage{Synapses: 5}
			if got := memory.(masks.Accounted).Traffic(usage); got != (masks.Traffic{}) {
				t.Errorf("%s: %+v before there is anything to remember", name, got)
			}
			memory.Start()
			w[0] += 0.25
			w[3] -= 0.75
			memory.Consolidate(1, []masks.Change{{M0: 2, M1: 1, Stored: 2}})
			usage.Cached = memory.Consolidations()[0]
			if got := memory.(masks.Accounted).Traffic(usage); got != c.want {
				t.Errorf("%s, θ = %g, τ = %g: %+v, want %+v", name, c.theta, c.tau, got, c.want)
			}
		}
	}
}

// θ = 0 equals the plain rule, and so does any θ without decay: the same weights to the
// bit. θ = 0 consolidates the updates themselves.
func TestCacheLimitsAreThePlainRule(t *testing.T) {
	layers := []masks.Layer{{In: 300, Out: 40, Bias: true}, {In: 40, Out: 7, Bias: true}}
	want, changes := trained(t, rules.Default(), layers)
	for _, variant := range []string{"synapse", "neuron", "neuron_sum"} {
		for _, c := range []caching.SynapticCache{{Theta: 0, Tau: 2}, {Theta: 0.01, Tau: math.Inf(1)}, {Theta: math.Inf(1), Tau: math.Inf(1)}} {
			c.Variant = variant
			rule := rules.Default()
			rule.Cache = &c
			got, counted := trained(t, rule, layers)
			if !maskstest.SameBits(got, want) || counted[0] != changes[0] || counted[1] != changes[1] {
				t.Errorf("%+v: other weights or counts than the plain rule", c)
			}
		}
	}
}

// trained returns weights and summed changes after some steps of a rule.
func trained(t *testing.T, rule masks.Rule, layers []masks.Layer) ([][]float32, []masks.Change) {
	t.Helper()
	u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	return maskstest.Train(t, u, layers, 7)
}

// Consolidation has the same bits on any number of cores, and allocates nothing.
func TestCacheOnSeveralCores(t *testing.T) {
	layers := []masks.Layer{{In: 700, Out: 70, Bias: true}, {In: 70, Out: 10, Bias: true}}
	for _, variant := range []string{"synapse", "neuron", "neuron_sum"} {
		rule := rules.Default()
		rule.Cache = &caching.SynapticCache{Theta: 0.01, Tau: 10, Variant: variant}
		var first []masks.Consolidation
		for _, workers := range []int{1, 3} {
			pool := parallel.New(workers)
			u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 1, pool)
			if err != nil {
				t.Fatal(err)
			}
			parameters := maskstest.Parameters(layers, 1)
			maskstest.Differentiate(parameters, 0)
			step := func() {
				if err := u.Step(parameters); err != nil {
					t.Fatal(err)
				}
			}
			step()
			consolidated := append([]masks.Consolidation(nil), u.Memory().Consolidations()...)
			if first == nil {
				first = consolidated
			}
			for l := range consolidated {
				if consolidated[l] != first[l] {
					t.Errorf("%s: layer %d: %+v on %d cores, %+v on one", variant, l+1, consolidated[l], workers, first[l])
				}
			}
			if n := testing.AllocsPerRun(20, step); n >= 1 && !race.Enabled {
				t.Errorf("%s: %v allocations per step", variant, n)
			}
			pool.Close()
		}
	}
}

func BenchmarkCache(b *testing.B) {
	layers := []masks.Layer{{In: 784, Out: 100}, {In: 100, Out: 10}}
	for _, variant := range []string{"none", "synapse", "neuron", "neuron_sum"} {
		b.Run(variant, func(b *testing.B) {
			rule := rules.Default()
			rule.Optimizer = &rules.SGD{LearningRate: 1e-4}
			if variant != "none" {
				rule.Cache = &caching.SynapticCache{Theta: 0.02, Tau: 1000, Variant: variant}
			}
			u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 1, nil)
			if err != nil {
				b.Fatal(err)
			}
			parameters := maskstest.Parameters(layers, 1)
			maskstest.Differentiate(parameters, 0)
			b.ReportAllocs()
			for b.Loop() {
				if err := u.Step(parameters); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
