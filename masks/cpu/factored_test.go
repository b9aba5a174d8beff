package cpu

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/reference"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// takeStep makes a step of a network on the gradients of a batch: computed beforehand if
// writtenOut, else on demand.
func takeStep(t rapid.TB, u maskstest.Stepper, n *maskstest.Network, step uint64, batch int, writtenOut bool) {
	t.Helper()
	presented, err := n.Present(step, batch, writtenOut, nil)
	if err != nil {
		t.Fatal(err)
	}
	u.Present(presented)
	if err := u.Step(n.Parameters); err != nil {
		t.Fatal(err)
	}
}

// gradientsWritten returns how many gradients of a network were computed in full.
func gradientsWritten(n *maskstest.Network) (times int) {
	for _, p := range n.Parameters {
		if product, ok := p.(*maskstest.Product); ok {
			times += product.Asked
		}
	}
	return times
}

// An update from the factors of a gradient, or from the submatrix that the masks keep,
// leaves the bits of an update from the whole gradient.
func TestFactoredEqualsReference(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	saved := 0
	rapid.Check(t, func(t *rapid.T) {
		net := masks.Network{Layers: maskstest.DrawLayers(t), Classes: maskstest.Classes}
		rule := maskstest.DrawRule(t, net)
		if rapid.Bool().Draw(t, "falling rate") {
			falling := rule
			falling.Optimizer, falling.Synapse = &rules.SGD{LearningRate: 0.1, Half: 2}, masks.Deterministic{}
			falling.Clip = &rules.ClipValue{Bound: []float64{0.05}}
			if _, err := falling.Limits(net); err == nil { // a cache may bear no clip
				rule = falling
			}
		}
		seed, batch := rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "batch")
		fast, err := NewUpdater(rule, net, seed, pool)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := reference.NewUpdater(rule, net, seed)
		if err != nil {
			t.Fatal(err)
		}
		a, b := maskstest.NewNetwork(net.Layers, seed), maskstest.NewNetwork(net.Layers, seed)
		for step := range uint64(3) {
			before := gradientsWritten(a)
			takeStep(t, fast, a, step, batch, false)
			takeStep(t, slow, b, step, batch, true)
			saved += len(net.Layers) - (gradientsWritten(a) - before)
			if !maskstest.SameBits(a.Weights(), b.Weights()) {
				t.Fatalf("step %d: weights are %v, want %v", step, a.Weights(), b.Weights())
			}
			for l, got := range fast.Changes() {
				want := slow.Changes()[l]
				if got.M0 != want.M0 || got.Stored != want.Stored || math.Abs(got.M1-want.M1) > 1e-12*want.M1 ||
					math.Abs(got.Work-want.Work) > 0x1p-23*slow.Magnitudes()[l] {
					t.Fatalf("step %d, layer %d: counted %+v, a recount gives %+v", step, l+1, got, want)
				}
			}
		}
	})
	if saved < 50 {
		t.Errorf("only %d gradients were not written out", saved)
	}
}

// Gradients are computed in full only for rules that need them.
func TestGradientsWrittenOut(t *testing.T) {
	layers := []masks.Layer{{In: 40, Out: 30, Bias: true}, {In: 30, Out: 5, Bias: true}}
	competition := func(among, order string, scope masks.Scope) masks.MaskSpec {
		return &competitive.Competitive{Share: masks.Share{P: []float64{0.1}}, Among: among, Order: order, By: "update", Scope: scope}
	}
	for _, c := range []struct {
		name  string
		mask  masks.MaskSpec
		batch int
		want  int
	}{
		{"full, one presentation", &rules.Full{}, 1, 0},
		{"full, a batch", &rules.Full{}, 4, 0},
		{"bernoulli, one presentation", &rules.Bernoulli{P: 0.5, Redraw: "step"}, 1, 0},
		{"bernoulli, a batch", &rules.Bernoulli{P: 0.5, Redraw: "step"}, 4, 2},
		{"neurons, a batch", &rules.Neurons{P: 0.3, Side: "both", Redraw: "step"}, 4, 0},
		{"frozen, a batch", &rules.Frozen{Scope: masks.Scope{Layers: []int{1}}}, 4, 0},
		{"largest of one presentation", competition("layer", "largest", masks.Scope{Biases: true}), 1, 0},
		{"largest of a batch", competition("layer", "largest", masks.Scope{Biases: true}), 4, 2},
		{"smallest of one presentation", competition("layer", "smallest", masks.Scope{}), 1, 0},
		{"largest onto units of one presentation", competition("neuron", "largest", masks.Scope{}), 1, 0},
		{"a mask that needs gradients", &steep{threshold: 0.1}, 1, 2},
	} {
		rule := rules.Default()
		rule.Mask, rule.Optimizer = []masks.MaskSpec{c.mask}, &rules.SGD{LearningRate: 0.1}
		u, err := NewUpdater(rule, masks.Network{Layers: layers, Classes: maskstest.Classes}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := maskstest.NewNetwork(layers, 1)
		if takeStep(t, u, n, 0, c.batch, false); gradientsWritten(n) != c.want {
			t.Errorf("%s: %d gradients were written out, want %d", c.name, gradientsWritten(n), c.want)
		}
	}
}
