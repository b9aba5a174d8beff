package device

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/gpu/testdevice"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// trialLayers are shapes that are multiples of no block size, one with several chunks.
var trialLayers = [][]masks.Layer{
	{{In: 1, Out: 1}},
	{{In: 7, Out: 5, Bias: true}, {In: 5, Out: 3, Bias: true}},
	{{In: 785, Out: 33, Bias: true, Constant: 1}, {In: 33, Out: 10, Bias: true}},
}

// withMasks returns a plain rule with masks.
func withMasks(all ...masks.MaskSpec) masks.Rule {
	r := rules.Default()
	r.Mask = all
	return r
}

// trialMasks returns rules with every kind of mask that has a kernel.
func trialMasks() (trials []masks.Rule) {
	all := masks.Scope{Biases: true}
	lists := [][]masks.MaskSpec{
		{&rules.Full{}},
		{&rules.Bernoulli{P: 0.3, Redraw: "step", Scope: all}},
		{&rules.Bernoulli{P: 0.5, Redraw: "never"}},
		{&rules.Bernoulli{P: 1 - 1e-12, Redraw: "step", Scope: all}}, // every word is below its threshold
		{&rules.Neurons{P: 0.4, Side: "post", Redraw: "step", Scope: all}},
		{&rules.Neurons{P: 0.7, Side: "pre", Redraw: "step", Scope: all}},
		{&rules.Neurons{P: 0.6, Side: "both", Redraw: "never"}},
		{&rules.Subnet{K: []int{0}, Fraction: 0.5, Biases: true}},
		{&rules.Subnet{K: []int{0}, Fraction: 0.5, Biases: false}},
		{&rules.Alternating{P: 0.5, Masks: 2, Side: "both", Scope: all}},
		{&rules.PerClass{P: 0.3, Side: "post", Scope: all}},
		{&rules.PerClass{P: 0.6, Side: "pre"}},
		{&rules.FixedSynapses{Share: masks.Share{P: []float64{0.4}}, Scope: all}},
		{&rules.Frozen{Scope: masks.Scope{Layers: []int{1}}}},
		{&rules.Frozen{Scope: all}},
		{&rules.Bernoulli{P: 0.5, Redraw: "step", Scope: all}, &rules.Neurons{P: 0.5, Side: "post", Redraw: "step", Scope: all}, &rules.FixedSynapses{Share: masks.Share{P: []float64{0.7}}, Scope: all}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: all}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.2}, Balance: true}, Among: "layer", Order: "smallest", By: "weight"}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.2}}, Among: "network", Order: "largest", By: "update", Scope: all}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.8}}, Among: "network", Order: "smallest", By: "update", Scope: masks.Scope{Layers: []int{1}}}}, // mostly ties at 0
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.1}}, Among: "neuron", Order: "largest", By: "update", Scope: all}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.3}}, Among: "neuron", Order: "smallest", By: "weight"}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.3}}, Among: "layer", Order: "largest", By: "activity", Scope: all}},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0.3}}, Among: "layer", Order: "smallest", By: "error", Scope: all}},
		{&rules.Bernoulli{P: 0.4, Redraw: "step", Scope: all}, &competitive.Competitive{Share: masks.Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: all}},
		{&rules.Neurons{P: 0.4, Side: "post", Redraw: "step", Scope: all}, &competitive.Competitive{Share: masks.Share{P: []float64{0.7}}, Among: "neuron", Order: "largest", By: "weight", Scope: all}},
		{&rules.Neurons{P: 0.4, Side: "post", Redraw: "step", Scope: all}, &competitive.Competitive{Share: masks.Share{P: []float64{0.5}}, Among: "layer", Order: "largest", By: "activity", Scope: all}},
		{&rules.Bernoulli{P: 0.1, Redraw: "step"}, &competitive.Competitive{Share: masks.Share{P: []float64{0.5}}, Among: "layer", Order: "smallest", By: "error"}},
		{
			&competitive.Competitive{Share: masks.Share{P: []float64{0.5}}, Among: "layer", Order: "largest", By: "error", Scope: all},
			&competitive.Competitive{Share: masks.Share{P: []float64{0.4}}, Among: "network", Order: "largest", By: "update", Scope: all},
			&competitive.Competitive{Share: masks.Share{P: []float64{0.5}}, Among: "neuron", Order: "smallest", By: "update"},
		},
		{&competitive.Competitive{Share: masks.Share{P: []float64{0}}, Among: "layer", Order: "largest", By: "update", Scope: all}},
		{&rules.Alternating{P: 0.8, Masks: 3, Side: "pre", Scope: all}, &rules.PerClass{P: 0.8, Side: "post", Scope: all}, &rules.Bernoulli{P: 0.9, Redraw: "step"}},
	}
	for _, spec := range others(masks.Masks, lists, func(r *masks.Rule, m masks.MaskSpec) { r.Mask = []masks.MaskSpec{m} }) {
		lists = append(lists, []masks.MaskSpec{spec})
	}
	for _, list := range lists {
		trials = append(trials, withMasks(list...))
	}
	return trials
}

// trialClips returns clips to be tried with every mask, among them every kind.
func trialClips() []masks.Clip {
	clips := []masks.Clip{
		masks.NoClip{}, &rules.ClipValue{Bound: []float64{0.003}},
		&rules.ClipNorm{Bound: 0.05, Per: "network"}, &rules.ClipNorm{Bound: 0.02, Per: "layer"}, &rules.ClipNorm{Bound: math.Inf(1), Per: "layer"},
	}
	return append(clips, others(masks.Clips, [][]masks.Clip{clips}, func(r *masks.Rule, c masks.Clip) { r.Clip = c })...)
}

// trialOptimizers returns optimizers to be tried with every mask, among them every kind
// that has a kernel.
func trialOptimizers() []masks.OptimizerSpec {
	optimizers := []masks.OptimizerSpec{
		&rules.SGD{LearningRate: 0.1}, &rules.SGD{LearningRate: 0.1, Half: 2},
		&rules.Momentum{LearningRate: 0.01, Momentum: 0.9}, &rules.Adam{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
	}
	return append(optimizers, others(masks.Optimizers, [][]masks.OptimizerSpec{optimizers}, func(r *masks.Rule, o masks.OptimizerSpec) { r.Optimizer = o })...)
}

// others returns, with their defaults, the registered kinds of a stage that are not
// among those listed and have a kernel.
func others[T any](union *schema.Union[T], listed [][]T, set func(*masks.Rule, T)) (specs []T) {
	var names []string
	for _, spec := range slices.Concat(listed...) {
		names = append(names, union.Name(spec))
	}
	for _, kind := range union.Kinds() {
		spec, _ := union.New(kind.Name)
		rule := rules.Default()
		set(&rule, spec)
		if !slices.Contains(names, kind.Name) && Check(rule, masks.Network{Layers: trialLayers[1], Classes: trialClasses}, 1) == nil {
			specs = append(specs, spec)
		}
	}
	return specs
}

// Every kind of mask with every clip and optimizer, in one updater, equals cpu.Updater.
func TestDeviceUpdaterIsTheUpdater(t *testing.T) {
	for shape, layers := range trialLayers {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			var trials []masks.Rule
			clips, optimizers := trialClips(), trialOptimizers()
			for i, rule := range trialMasks() {
				for c, clip := range clips {
					for o, optimizer := range optimizers {
						rule.Clip, rule.Optimizer = clip, optimizer
						if shape < 2 || c == i%len(clips) && o == i%len(optimizers) {
							trials = append(trials, rule)
						}
					}
				}
			}
			r := newTrial(t, testdevice.Open(t), layers, trials, 2, 2)
			defer r.close()
			r.run(2, nil)
			r.run(1, nil)
		})
	}
}

// A synapse whose random word equals the threshold is not kept. There are eight
// networks, so that the synapse has a gradient in some.
func TestDeviceBernoulliAtTheThreshold(t *testing.T) {
	var trials []masks.Rule
	for i := range uint64(8) {
		word := philox.New(trialSeed+i, "mask/0/layer/0/weights").Uint32(0, i)
		trials = append(trials, withMasks(&rules.Bernoulli{P: float64(word) * 0x1p-32, Redraw: "step"}))
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], trials, 2, 1)
	defer r.close()
	r.run(1, nil)
}

// A single presentation's gradient is an outer product: cpu.Updater then finds the
// largest entries from its factors.
func TestDeviceUpdaterOfASinglePresentation(t *testing.T) {
	r := newTrial(t, testdevice.Open(t), trialLayers[2], trialMasks(), 1, 2)
	defer r.close()
	r.run(2, nil)
}

// Batches of two sizes share an updater and the memory of its optimizers.
func TestDeviceUpdaterOfTwoBatches(t *testing.T) {
	trials := trialMasks()
	for i := range trials {
		trials[i].Optimizer = &rules.Momentum{LearningRate: 0.01, Momentum: 0.9}
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], trials, 5, 2)
	defer r.close()
	r.run(2, r.onDevice.Queue)
	r.batch(2)
	r.run(1, nil)
}

// A recorded step, launched again, follows the clock and the latest Prepare.
func TestDeviceUpdaterIsReplayed(t *testing.T) {
	d := testdevice.Open(t)
	trials, clips := trialMasks(), trialClips()
	for i := range trials {
		trials[i].Clip, trials[i].Optimizer = clips[i%len(clips)], &rules.Adam{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}
	}
	r := newTrial(t, d, trialLayers[1], trials, 2, 4)
	defer r.close()
	step, err := d.Capture(r.onDevice.Queue)
	if err != nil {
		t.Fatal(err)
	}
	r.run(4, step.Launch)
	r.run(3, step.Launch)
}

// A halted network does not change, and the others go on.
func TestDeviceUpdaterHalts(t *testing.T) {
	trials, clips := trialMasks(), trialClips()
	for i := range trials {
		trials[i].Clip = clips[i%len(clips)]
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], trials, 2, 2)
	defer r.close()
	r.run(1, nil)
	flags := make([]uint32, len(trials))
	for i := range flags {
		flags[i] = uint32(i % 2)
	}
	r.check(r.halted.Upload(flags))
	r.run(2, nil)
}

// Networks of any shape, with any rules that have kernels, equal cpu.Updater.
func TestDeviceUpdaterOfAnyRules(t *testing.T) {
	d := testdevice.Open(t)
	rapid.Check(t, func(t *rapid.T) {
		net := masks.Network{Layers: maskstest.DrawLayers(t), Classes: trialClasses}
		var trials []masks.Rule
		for range rapid.IntRange(1, 3).Draw(t, "networks") {
			trials = append(trials, drawRule(t, net))
		}
		r := newTrial(t, d, net.Layers, trials, rapid.IntRange(1, 3).Draw(t, "batch"), 2)
		defer r.close()
		r.run(2, nil)
	})
}

// drawRule draws a rule of registered kinds that have kernels.
func drawRule(t *rapid.T, net masks.Network) masks.Rule {
	for range 100 {
		if rule := maskstest.DrawRule(t, net); Check(rule, net, 1) == nil {
			return rule
		}
	}
	t.Skip("no rule of a hundred has kernels")
	return masks.Rule{}
}
