package rules_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/device"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// watch makes an optimizer for one layer of so many synapses onto a unit, and begins a step with
// these weights.
func watch(t *testing.T, spec masks.OptimizerSpec, net masks.Network, weights []float32) masks.Optimizer {
	t.Helper()
	net.Layers = []masks.Layer{{In: len(weights), Out: 1}}
	o, err := spec.New(net, 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	again(t, o, weights)
	return o
}

// again begins another step.
func again(t *testing.T, o masks.Optimizer, weights []float32) {
	t.Helper()
	all := masks.Arrays([]masks.Layer{{In: len(weights), Out: 1}})
	all[0].Weights = weights
	if w, ok := o.(masks.Watching); ok {
		if err := w.Watch(&masks.Step{Arrays: all}); err != nil {
			t.Fatal(err)
		}
	}
	o.Begin()
}

// updates returns Δw of the synapses of the first array.
func updates(o masks.Optimizer, g ...float32) []float32 {
	delta := make([]float32, len(g))
	for i := range g {
		delta[i] = o.Update(0, i, g[i])
	}
	return delta
}

// The size of a gradient decides whether a weight moves, and not how far.
func TestManhattan(t *testing.T) {
	o := watch(t, &rules.Manhattan{Step: 0.25, Threshold: 0.5, Bound: math.Inf(1)}, masks.Network{}, make([]float32, 7))
	got := updates(o, 0.75, -0.75, 1e30, float32(math.Inf(-1)), 0.5, -0.5, 0)
	if want := []float32{-0.25, 0.25, -0.25, 0.25, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("Δw %v, want %v", got, want)
	}
	o = watch(t, &rules.Manhattan{Step: 0.25, Bound: math.Inf(1)}, masks.Network{}, make([]float32, 4))
	got = updates(o, 1e-44, -1e-44, 0, float32(math.Copysign(0, -1)))
	if want := []float32{-0.25, 0.25, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("without a threshold Δw %v, want %v", got, want)
	}
}

// A device ends at its bound; a weight that lies outside comes back to it.
func TestManhattanStaysWithinBounds(t *testing.T) {
	weights := []float32{0.875, 0.875, 1, -1, -1, 2, 0}
	o := watch(t, &rules.Manhattan{Step: 0.25, Bound: 1}, masks.Network{}, weights)
	got := updates(o, -1, 1, -1, 1, -1, 1, 0)
	if want := []float32{0.125, -0.25, 0, 0, 0.25, -1, 0}; !slices.Equal(got, want) {
		t.Errorf("Δw %v, want %v", got, want)
	}
}

// By hand, with γ = ½ and τ = 0.4: m is 0.5 g after one step and 0.75 g after two of the same g.
func TestBop(t *testing.T) {
	weights := []float32{2, -2, 2, -2, 0, 0.5}
	g := []float32{1, 1, -1, -1, 1, 0.8}
	o := watch(t, &rules.Bop{Gamma: 0.5, Threshold: 0.4}, masks.Network{}, weights)
	got := updates(o, g...)
	if want := []float32{-4, 0, 0, 4, 0, 0}; !slices.Equal(got, want) { // 0.8·0.5 is not above 0.4
		t.Errorf("Δw %v, want %v", got, want)
	}
	for i := range weights {
		weights[i] += got[i]
	}
	again(t, o, weights)
	got = updates(o, g...)
	if want := []float32{0, 0, 0, 0, 0, -1}; !slices.Equal(got, want) { // 0.6 is; the flipped ones now agree with their m
		t.Errorf("in the second step Δw %v, want %v", got, want)
	}
}

// A rate relative to inputs of ⟨|x|²⟩ = 99 is a hundredth of lr.
func TestRelativeRate(t *testing.T) {
	for rate, want := range map[string]float32{"absolute": -5, "relative": -0.05} {
		o := watch(t, &rules.SGD{LearningRate: 5, Rate: rate}, masks.Network{InputPower: 99}, make([]float32, 1))
		if got := updates(o, 1)[0]; got != want {
			t.Errorf("%s: Δw %v, want %v", rate, got, want)
		}
	}
}

// A rate that is halved every two open steps.
func TestHalvedRate(t *testing.T) {
	o := watch(t, &rules.SGD{LearningRate: 1, HalveEvery: 2}, masks.Network{}, make([]float32, 1))
	for n, want := range []float32{-1, -1, -0.5, -0.5, -0.25, -0.25} {
		if n > 0 {
			o.Begin()
		}
		if got := updates(o, 1)[0]; got != want {
			t.Errorf("open step %d: Δw %v, want %v", n, got, want)
		}
	}
}

// What does not go with optimizers that look at weights is refused, and so are they on a GPU.
func TestWatchingIsRefused(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}}, Classes: 2}
	clip, cache, synapse := map[string]any{"kind": "value", "bound": 0.1}, "mixed_precision", "stochastic"
	for _, c := range []struct {
		optimizer any
		stage     string
		kind      any
		problem   string
	}{
		{"bop", "clip", clip, "rule.clip: "},
		{"bop", "cache", cache, "rule.cache: "},
		{"bop", "synapse", synapse, "rule.synapse.kind: "},
		{"manhattan", "synapse", synapse, "rule.synapse.kind: "},
		{map[string]any{"kind": "manhattan", "bound": 1}, "cache", cache, "rule.cache: "},
		{"pulsed", "cache", cache, "rule.cache: "},
		{"pulsed", "synapse", synapse, "rule.synapse.kind: "},
	} {
		rule, err := maskstest.Decode(map[string]any{"optimizer": c.optimizer, c.stage: c.kind})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cpu.NewUpdater(rule, net, 1, nil); err == nil || !strings.HasPrefix(err.Error(), c.problem) {
			t.Errorf("%v with %s %v: %v, want an error of %s", c.optimizer, c.stage, c.kind, err, c.problem)
		}
	}
	for _, kind := range []string{"manhattan", "bop", "pulsed"} {
		rule, err := maskstest.Decode(map[string]any{"optimizer": kind})
		if err != nil {
			t.Fatal(err)
		}
		if err := device.Check(rule, net, 1); err == nil || !strings.Contains(err.Error(), kind) {
			t.Errorf("on a GPU %s: %v, want it refused by name", kind, err)
		}
	}
}
