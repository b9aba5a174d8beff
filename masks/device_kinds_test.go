package masks

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/gpu/testdevice"
	"ergon/internal/philox"
)

// trialLayers are shapes that are no multiple of anything, one with several pieces.
var trialLayers = [][]Layer{
	{{In: 1, Out: 1}},
	{{In: 7, Out: 5, Bias: true}, {In: 5, Out: 3, Bias: true}},
	{{In: 785, Out: 33, Bias: true, Constant: 1}, {In: 33, Out: 10, Bias: true}},
}

// withMasks returns a plain rule with masks.
func withMasks(masks ...MaskSpec) Rule {
	r := Default()
	r.Mask = masks
	return r
}

// trialMasks are rules with every kind of mask that has a kernel.
func trialMasks() (rules []Rule) {
	all := Scope{Biases: true}
	for _, masks := range [][]MaskSpec{
		{&Full{}},
		{&Bernoulli{0.3, "step", all}},
		{&Bernoulli{0.5, "never", Scope{}}},
		{&Bernoulli{1 - 1e-12, "step", all}}, // its threshold is that of every word
		{&Neurons{0.4, "post", "step", all}},
		{&Neurons{0.7, "pre", "step", all}},
		{&Neurons{0.6, "both", "never", Scope{}}},
		{&Subnet{[]int{0}, 0.5, true}},
		{&Subnet{[]int{0}, 0.5, false}},
		{&Alternating{0.5, 2, "both", all}},
		{&PerClass{0.3, "post", all}},
		{&PerClass{0.6, "pre", Scope{}}},
		{&FixedSynapses{Share{P: []float64{0.4}}, all}},
		{&Frozen{Scope{Layers: []int{1}}}},
		{&Frozen{all}},
		{&Bernoulli{0.5, "step", all}, &Neurons{0.5, "post", "step", all}, &FixedSynapses{Share{P: []float64{0.7}}, all}},
		{&Competitive{Share{P: []float64{0.1}}, "layer", "largest", "update", all}},
		{&Competitive{Share{P: []float64{0.2}, Balance: true}, "layer", "smallest", "weight", Scope{}}},
		{&Competitive{Share{P: []float64{0.2}}, "network", "largest", "update", all}},
		{&Competitive{Share{P: []float64{0.8}}, "network", "smallest", "update", Scope{Layers: []int{1}}}}, // mostly ties at 0
		{&Competitive{Share{P: []float64{0.1}}, "neuron", "largest", "update", all}},
		{&Competitive{Share{P: []float64{0.3}}, "neuron", "smallest", "weight", Scope{}}},
		{&Competitive{Share{P: []float64{0.3}}, "layer", "largest", "activity", all}},
		{&Competitive{Share{P: []float64{0.3}}, "layer", "smallest", "error", all}},
		{&Bernoulli{0.4, "step", all}, &Competitive{Share{P: []float64{0.1}}, "layer", "largest", "update", all}},
		{&Neurons{0.4, "post", "step", all}, &Competitive{Share{P: []float64{0.7}}, "neuron", "largest", "weight", all}},
		{&Neurons{0.4, "post", "step", all}, &Competitive{Share{P: []float64{0.5}}, "layer", "largest", "activity", all}},
		{&Bernoulli{0.1, "step", Scope{}}, &Competitive{Share{P: []float64{0.5}}, "layer", "smallest", "error", Scope{}}},
		{
			&Competitive{Share{P: []float64{0.5}}, "layer", "largest", "error", all},
			&Competitive{Share{P: []float64{0.4}}, "network", "largest", "update", all},
			&Competitive{Share{P: []float64{0.5}}, "neuron", "smallest", "update", Scope{}},
		},
		{&Competitive{Share{P: []float64{0}}, "layer", "largest", "update", all}},
		{&Alternating{0.8, 3, "pre", all}, &PerClass{0.8, "post", all}, &Bernoulli{0.9, "step", Scope{}}},
	} {
		rules = append(rules, withMasks(masks...))
	}
	return rules
}

// trialClips and trialOptimizers are tried with every mask.
var (
	trialClips = []Clip{
		NoClip{}, &ClipValue{[]float64{0.003}}, &ClipNorm{0.05, "network"}, &ClipNorm{0.02, "layer"}, &ClipNorm{math.Inf(1), "layer"},
	}
	trialOptimizers = []OptimizerSpec{
		&SGD{LearningRate: 0.1}, &SGD{LearningRate: 0.1, Half: 2}, &Momentum{0.01, 0.9}, &Adam{0.001, 0.9, 0.999, 1e-8},
	}
)

// Every kind of mask under every clip and optimizer, side by side.
func TestDeviceUpdaterIsTheUpdater(t *testing.T) {
	for shape, layers := range trialLayers {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			var rules []Rule
			for i, rule := range trialMasks() {
				for c, clip := range trialClips {
					for o, optimizer := range trialOptimizers {
						rule.Clip, rule.Optimizer = clip, optimizer
						if shape < 2 || c == i%len(trialClips) && o == i%len(trialOptimizers) {
							rules = append(rules, rule)
						}
					}
				}
			}
			r := newTrial(t, testdevice.Open(t), layers, rules, 2, 2)
			defer r.close()
			r.run(2, nil)
			r.run(1, nil)
		})
	}
}

// A synapse whose word is the threshold itself is not kept: of eight, some have
// a gradient.
func TestDeviceBernoulliAtTheThreshold(t *testing.T) {
	var rules []Rule
	for i := range uint64(8) {
		word := philox.New(trialSeed+i, "mask/0/layer/0/weights").Uint32(0, i)
		rules = append(rules, withMasks(&Bernoulli{float64(word) * 0x1p-32, "step", Scope{}}))
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], rules, 2, 1)
	defer r.close()
	r.run(1, nil)
}

// A single presentation's gradient is an outer product, of which the Updater
// knows the largest entries by its factors.
func TestDeviceUpdaterOfASinglePresentation(t *testing.T) {
	r := newTrial(t, testdevice.Open(t), trialLayers[2], trialMasks(), 1, 2)
	defer r.close()
	r.run(2, nil)
}

// Batches of two sizes share an updater, and what its optimizers remember.
func TestDeviceUpdaterOfTwoBatches(t *testing.T) {
	rules := trialMasks()
	for i := range rules {
		rules[i].Optimizer = &Momentum{0.01, 0.9}
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], rules, 5, 2)
	defer r.close()
	r.run(2, r.on.Queue)
	r.batch(2)
	r.run(1, nil)
}

// Recorded work follows the clock, and what is prepared after it was recorded.
func TestDeviceUpdaterIsReplayed(t *testing.T) {
	d := testdevice.Open(t)
	rules := trialMasks()
	for i := range rules {
		rules[i].Clip, rules[i].Optimizer = trialClips[i%len(trialClips)], &Adam{0.001, 0.9, 0.999, 1e-8}
	}
	r := newTrial(t, d, trialLayers[1], rules, 2, 4)
	defer r.close()
	step, err := d.Capture(r.on.Queue)
	if err != nil {
		t.Fatal(err)
	}
	r.run(4, step.Launch)
	r.run(3, step.Launch)
}

// A network that has ended stays as it is, and the others go on.
func TestDeviceUpdaterHalts(t *testing.T) {
	rules := trialMasks()
	for i := range rules {
		rules[i].Clip = trialClips[i%len(trialClips)]
	}
	r := newTrial(t, testdevice.Open(t), trialLayers[1], rules, 2, 2)
	defer r.close()
	r.run(1, nil)
	flags := make([]uint32, len(rules))
	for i := range flags {
		flags[i] = uint32(i % 2)
	}
	r.check(r.halted.Upload(flags))
	r.run(2, nil)
}

// Networks of any shape with any rules.
func TestDeviceUpdaterOfAnyRules(t *testing.T) {
	d := testdevice.Open(t)
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		var rules []Rule
		for range rapid.IntRange(1, 3).Draw(t, "networks") {
			rule := Default()
			rule.Mask = nil
			for range rapid.IntRange(0, 3).Draw(t, "masks") {
				mask := drawMask(t, layers)
				if _, own := mask.(*steep); !own {
					rule.Mask = append(rule.Mask, mask)
				}
			}
			rule.Clip = rapid.SampledFrom(trialClips).Draw(t, "clip")
			rule.Optimizer = rapid.SampledFrom(trialOptimizers).Draw(t, "optimizer")
			rules = append(rules, rule)
		}
		r := newTrial(t, d, layers, rules, rapid.IntRange(1, 3).Draw(t, "batch"), 2)
		defer r.close()
		r.run(2, nil)
	})
}
