package masks

import (
	"strings"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
)

// What has no kernel is named with its path, and with what to do.
func TestDeviceUpdaterRefuses(t *testing.T) {
	d := testdevice.Open(t)
	layers := []Layer{{In: 4, Out: 3, Bias: true}, {In: 3, Out: 2, Bias: true}}
	change := func(change func(*Rule)) Rule {
		r := Default()
		change(&r)
		return r
	}
	for want, rule := range map[string]Rule{
		"rule.mask[1]: *masks.steep has no kernel for the GPU; take engine.device=cpu": change(func(r *Rule) { r.Mask = append(r.Mask, &steep{threshold: 1}) }),
		"rule.gate: lazy has no kernel for the GPU; take engine.device=cpu":            change(func(r *Rule) { r.Gate = &Lazy{} }),
		"rule.error: meprop has no kernel for the GPU; take engine.device=cpu":         change(func(r *Rule) { r.Error = &MeProp{K: 1} }),
		"rule.cache: synaptic has no kernel for the GPU; take engine.device=cpu": change(func(r *Rule) {
			r.Cache = &SynapticCache{Theta: 0.02, Tau: 1000, Variant: "synapse"}
		}),
		"rule.synapse: stochastic has no kernel for the GPU; take engine.device=cpu": change(func(r *Rule) {
			r.Synapse, _ = SynapseKinds.New("stochastic")
		}),
		"rule.optimizer: *masks.odd has no kernel for the GPU; take engine.device=cpu": change(func(r *Rule) { r.Optimizer = &odd{} }),
		"rule.mask[0].layers: layer 3 of a network that has 2":                         withMasks(&Frozen{Scope{Layers: []int{3}}}),
	} {
		_, err := NewDeviceUpdater(d, placeOf(layers), []Rule{rule}, []Network{{layers, 2}}, []uint64{1}, 1)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// odd is an optimizer that no kernel knows.
type odd struct{}

func (o *odd) New(Network, uint64, string) (Optimizer, error) { return o, nil }
func (*odd) Begin()                                           {}
func (*odd) Update(_, _ int, g float32) float32               { return g }

func placeOf(layers []Layer) (p DevicePlace) {
	var sizes []int
	for _, s := range Arrays(layers) {
		sizes = append(sizes, s.In*s.Out)
	}
	p.Layout = gpu.NewLayout(sizes)
	return p
}

// Networks, layouts, horizons and presentations that do not fit.
func TestDeviceUpdaterWantsWhatFits(t *testing.T) {
	d := testdevice.Open(t)
	layers, other := []Layer{{In: 4, Out: 3}}, []Layer{{In: 4, Out: 2}}
	rule, seeds := Default(), []uint64{1, 2}
	for want, make := range map[string]func() error{
		"2 rules for 1 networks with 2 seeds": func() error {
			_, err := NewDeviceUpdater(d, placeOf(layers), []Rule{rule, rule}, []Network{{layers, 0}}, seeds, 1)
			return err
		},
		"network 1: layer 1 is": func() error {
			_, err := NewDeviceUpdater(d, placeOf(layers), []Rule{rule, rule}, []Network{{layers, 0}, {other, 0}}, seeds, 1)
			return err
		},
		"array 0 of the layout has 8 numbers, and there are 4×3 synapses": func() error {
			_, err := NewDeviceUpdater(d, placeOf(other), []Rule{rule}, []Network{{layers, 0}}, seeds[:1], 1)
			return err
		},
		"3 steps to prepare; want 1 to 2": func() error {
			r := newTrial(t, d, layers, []Rule{rule}, 2, 2)
			defer r.close()
			return r.on.Prepare(0, 3, nil)
		},
		"was not told the labels": func() error {
			r := newTrial(t, d, layers, []Rule{withMasks(&PerClass{0.5, "post", Scope{}})}, 2, 2)
			defer r.close()
			return r.on.Prepare(0, 1, nil)
		},
		"a pointer for each layer": func() error {
			by := &Competitive{Share: Share{P: []float64{0.5}}, Among: "layer", Order: "largest", By: "activity"}
			r := newTrial(t, d, layers, []Rule{withMasks(by)}, 2, 2)
			defer r.close()
			return r.on.QueueFor(DevicePresentation{})
		},
	} {
		if err := make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
