package device

import (
	"fmt"
	"strings"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
	"ergon/masks/rules/caching"
	"ergon/masks/rules/competitive"
)

// The error for a stage without a kernel names its path and a way out.
func TestDeviceUpdaterRefuses(t *testing.T) {
	d := testdevice.Open(t)
	layers := []masks.Layer{{In: 4, Out: 3, Bias: true}, {In: 3, Out: 2, Bias: true}}
	change := func(change func(*masks.Rule)) masks.Rule {
		r := rules.Default()
		change(&r)
		return r
	}
	for want, rule := range map[string]masks.Rule{
		"rule.mask[1]: *device.looking has no kernel for the GPU; take engine.device=cpu": change(func(r *masks.Rule) { r.Mask = append(r.Mask, &looking{}) }),
		"rule.gate: lazy has no kernel for the GPU; take engine.device=cpu":               change(func(r *masks.Rule) { r.Gate = &rules.Lazy{} }),
		"rule.error: meprop has no kernel for the GPU; take engine.device=cpu":            change(func(r *masks.Rule) { r.Error = &rules.MeProp{K: 1} }),
		"rule.cache: synaptic has no kernel for the GPU; take engine.device=cpu": change(func(r *masks.Rule) {
			r.Cache = &caching.SynapticCache{Theta: 0.02, Tau: 1000, Variant: "synapse"}
		}),
		"rule.synapse: stochastic has no kernel for the GPU; take engine.device=cpu": change(func(r *masks.Rule) {
			r.Synapse, _ = masks.SynapseKinds.New("stochastic")
		}),
		"rule.optimizer: *device.odd has no kernel for the GPU; take engine.device=cpu": change(func(r *masks.Rule) { r.Optimizer = &odd{} }),
		"rule.optimizer.schedule: a rate that follows the loss has no kernel for the GPU; take engine.device=cpu": change(func(r *masks.Rule) {
			r.Optimizer = &rules.SGD{LearningRate: 1, Schedule: &rules.ByError{Floor: 1, Span: 1}}
		}),
		"rule.mask[0].layers: layer 3 of a network that has 2": withMasks(&rules.Frozen{Scope: masks.Scope{Layers: []int{3}}}),
	} {
		_, err := NewUpdater(d, placeOf(layers), []masks.Rule{rule}, []masks.Network{{Layers: layers, Classes: 2}}, []uint64{1}, 1)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The error for a registered kind without a kernel names the kind and its stage.
func TestDeviceRefusesKindsByName(t *testing.T) {
	refusesByName(t, "gate", masks.Gates, func(r *masks.Rule, g masks.Gate) { r.Gate = g })
	refusesByName(t, "error", masks.Errors, func(r *masks.Rule, e masks.Error) { r.Error = e })
	refusesByName(t, "mask[0]", masks.Masks, func(r *masks.Rule, m masks.MaskSpec) { r.Mask = []masks.MaskSpec{m} })
	refusesByName(t, "clip", masks.Clips, func(r *masks.Rule, c masks.Clip) { r.Clip = c })
	refusesByName(t, "optimizer", masks.Optimizers, func(r *masks.Rule, o masks.OptimizerSpec) { r.Optimizer = o })
	refusesByName(t, "cache", masks.Caches, func(r *masks.Rule, c masks.Cache) { r.Cache = c })
	refusesByName(t, "synapse", masks.SynapseKinds, func(r *masks.Rule, s masks.Synapse) { r.Synapse = s })
}

func refusesByName[T any](t *testing.T, stage string, union *schema.Union[T], set func(*masks.Rule, T)) {
	t.Helper()
	for _, kind := range union.Kinds() {
		spec, _ := union.New(kind.Name)
		rule := rules.Default()
		set(&rule, spec)
		net := masks.Network{Layers: trialLayers[1], Classes: trialClasses}
		if _, err := reference.NewUpdater(rule, net, 1); maskstest.Refused(err) {
			continue // its defaults are not for this network
		}
		err := Check(rule, net, 1)
		if want := fmt.Sprintf("rule.%s: %s has no kernel for the GPU; take engine.device=cpu", stage, kind.Name); err != nil && err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// looking is a mask without a kernel.
type looking struct{ rules.Full }

func (l *looking) New(masks.Network, uint64, string) (masks.Mask, error) { return l, nil }

// odd is an optimizer without a kernel.
type odd struct{}

func (o *odd) New(masks.Network, uint64, string) (masks.Optimizer, error) { return o, nil }

func (*odd) Begin() {}

func (*odd) Update(_, _ int, g float32) float32 { return g }

func placeOf(layers []masks.Layer) (p Place) {
	var sizes []int
	for _, s := range masks.Arrays(layers) {
		sizes = append(sizes, s.In*s.Out)
	}
	p.Layout = gpu.NewLayout(sizes)
	return p
}

// Networks, layouts, numbers of steps and presentations that do not fit are errors.
func TestDeviceUpdaterWantsWhatFits(t *testing.T) {
	d := testdevice.Open(t)
	layers, other := []masks.Layer{{In: 4, Out: 3}}, []masks.Layer{{In: 4, Out: 2}}
	rule, seeds := rules.Default(), []uint64{1, 2}
	for want, make := range map[string]func() error{
		"2 rules for 1 networks with 2 seeds": func() error {
			_, err := NewUpdater(d, placeOf(layers), []masks.Rule{rule, rule}, []masks.Network{{Layers: layers}}, seeds, 1)
			return err
		},
		"network 1: layer 1 is": func() error {
			_, err := NewUpdater(d, placeOf(layers), []masks.Rule{rule, rule}, []masks.Network{{Layers: layers}, {Layers: other}}, seeds, 1)
			return err
		},
		"array 0 of the layout has 8 numbers, and there are 4×3 synapses": func() error {
			_, err := NewUpdater(d, placeOf(other), []masks.Rule{rule}, []masks.Network{{Layers: layers}}, seeds[:1], 1)
			return err
		},
		"3 steps to prepare; want 1 to 2": func() error {
			r := newTrial(t, d, layers, []masks.Rule{rule}, 2, 2)
			defer r.close()
			return r.onDevice.Prepare(0, 3, nil)
		},
		"was not told the labels": func() error {
			r := newTrial(t, d, layers, []masks.Rule{withMasks(&rules.PerClass{P: 0.5, Side: "post"})}, 2, 2)
			defer r.close()
			return r.onDevice.Prepare(0, 1, nil)
		},
		"a pointer for each layer": func() error {
			by := &competitive.Competitive{Share: masks.Share{P: []float64{0.5}}, Among: "layer", Order: "largest", By: "activity"}
			r := newTrial(t, d, layers, []masks.Rule{withMasks(by)}, 2, 2)
			defer r.close()
			return r.onDevice.QueueFor(Presentation{})
		},
	} {
		if err := make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
