package cpu

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
	"ergon/masks/rules/accumulate"
)

// Rules that keep everything and clip nothing equal the plain rule in every bit, counts
// included.
func TestLimitsAreThePlainRule(t *testing.T) {
	layers := []masks.Layer{{In: 300, Out: 30, Bias: true}, {In: 30, Out: 10, Bias: true}}
	scope := masks.Scope{Biases: true}
	masked := func(all ...masks.MaskSpec) func(*masks.Rule) { return func(r *masks.Rule) { r.Mask = all } }
	optimizers := []masks.OptimizerSpec{&rules.Langevin{LearningRate: 0.1, Temperature: 1e-3}}
	for _, kind := range masks.Optimizers.Kinds() {
		optimizer, _ := masks.Optimizers.New(kind.Name)
		optimizers = append(optimizers, optimizer)
	}
	for _, optimizer := range optimizers {
		plain := rules.Default()
		plain.Optimizer = optimizer
		if refused(t, plain, layers) {
			continue
		}
		want, changes := trained(t, plain, layers)
		for name, vary := range map[string]func(*masks.Rule){
			"bernoulli p=1":     masked(&rules.Bernoulli{P: 1, Redraw: "step", Scope: scope}),
			"neurons p=1":       masked(&rules.Neurons{P: 1, Side: "both", Redraw: "step", Scope: scope}),
			"fixed neurons p=1": masked(&rules.Neurons{P: 1, Side: "both", Redraw: "never", Scope: scope}),
			"synapses p=1":      masked(&rules.FixedSynapses{Share: masks.Share{P: []float64{1}}, Scope: scope}),
			"alternating p=1":   masked(&rules.Alternating{P: 1, Masks: 2, Side: "both", Scope: scope}),
			"per class p=1":     masked(&rules.PerClass{P: 1, Side: "both", Scope: scope}),
			"subnet k=all":      masked(&rules.Subnet{K: []int{30}, Fraction: 0, Biases: true}),
			"subnet fraction=1": masked(&rules.Subnet{K: []int{0}, Fraction: 1, Biases: true}),
			"no mask":           masked(),
			"no device step":    func(r *masks.Rule) { r.Cache = &accumulate.MixedPrecision{TransferEvery: 1, Residue: "kept"} },
			"no rounding":       func(r *masks.Rule) { r.Cache = &accumulate.StochasticRounding{} },
			"value clip at ∞":   func(r *masks.Rule) { r.Clip = &rules.ClipValue{Bound: []float64{math.Inf(1)}} },
			"norm clip at ∞":    func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: math.Inf(1), Per: "network"} },
			"norm clip at 1e9":  func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: 1e9, Per: "network"} },
			"by layer at 1e9":   func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: 1e9, Per: "layer"} },
			"by layer at ∞":     func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: math.Inf(1), Per: "layer"} },
		} {
			rule := plain
			if vary(&rule); refused(t, rule, layers) {
				continue
			}
			got, counted := trained(t, rule, layers)
			if !maskstest.SameBits(got, want) {
				t.Errorf("%T, %s: other weights than the plain rule", optimizer, name)
			}
			if diff := cmp.Diff(changes, counted); diff != "" {
				t.Errorf("%T, %s: other counts than the plain rule:\n%s", optimizer, name, diff)
			}
		}
	}
}

// refused says whether a stage of a rule does not go with the others.
func refused(t *testing.T, rule masks.Rule, layers []masks.Layer) bool {
	t.Helper()
	_, err := NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 7, nil)
	if err != nil && !maskstest.Refused(err) {
		t.Fatal(err)
	}
	return err != nil
}

// trained returns weights and summed changes after some steps of a rule.
func trained(t *testing.T, rule masks.Rule, layers []masks.Layer) ([][]float32, []masks.Change) {
	t.Helper()
	u, err := NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	return maskstest.Train(t, u, layers, 7)
}

// The count does not depend on the loop: a mask that keeps everything without KeepsAll
// takes the sparse path, and the sum has the same bits.
func TestSparseAndDenseWalksCountAlike(t *testing.T) {
	layers := []masks.Layer{{In: 300, Out: 40, Bias: true}, {In: 40, Out: 7, Bias: true}}
	want, changes := trained(t, rules.Default(), layers)
	rule := rules.Default()
	rule.Mask = []masks.MaskSpec{keepEach{}}
	got, counted := trained(t, rule, layers)
	if !maskstest.SameBits(got, want) || !cmp.Equal(changes, counted) {
		t.Errorf("sparse walk counted %v, dense walk %v", counted, changes)
	}
}

func TestClips(t *testing.T) {
	layers := []masks.Layer{{In: 50, Out: 20, Bias: true}}
	for name, c := range map[string]struct {
		clip    masks.Clip
		checked func(update []float64) bool
	}{
		"value": {&rules.ClipValue{Bound: []float64{0.003}}, func(u []float64) bool {
			return slices.Max(u) <= 0.003*(1+1e-4) && slices.Max(u) > 0.0029
		}},
		"norm": {&rules.ClipNorm{Bound: 0.5, Per: "network"}, func(u []float64) bool {
			square := 0.0
			for _, d := range u {
				square += d * d
			}
			return math.Abs(math.Sqrt(square)-0.5) < 1e-4
		}},
	} {
		rule := rules.Default()
		rule.Clip = c.clip
		u, err := NewUpdater(rule, masks.Network{Layers: layers}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := maskstest.Parameters(layers, 1)
		maskstest.Differentiate(parameters, 0)
		before := maskstest.Weights(parameters)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		var update []float64
		for a, w := range maskstest.Weights(parameters) {
			for i := range w {
				update = append(update, math.Abs(float64(w[i])-float64(before[a][i])))
			}
		}
		if !c.checked(update) {
			t.Errorf("%s: the update exceeds the clip: largest change %v", name, slices.Max(update))
		}
	}
}

func TestWrongParametersAreErrors(t *testing.T) {
	layers := []masks.Layer{{In: 4, Out: 3, Bias: true}}
	u, err := NewUpdater(rules.Default(), masks.Network{Layers: layers}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Step(maskstest.Parameters(layers, 1)[:1]); err == nil {
		t.Error("no error for a missing parameter")
	}
	if err := u.Step(maskstest.Parameters([]masks.Layer{{In: 5, Out: 3, Bias: true}}, 1)); err == nil {
		t.Error("no error for a parameter of another shape")
	}
}
