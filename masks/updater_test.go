package masks

import (
	"flag"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// parameter is one array of synapses as a solver sees it.
type parameter struct{ value, gradient *tensor.Dense }

func (p parameter) Value() G.Value         { return p.value }
func (p parameter) Grad() (G.Value, error) { return p.gradient, nil }
func (p parameter) weights() []float32     { return p.value.Float32s() }
func dense(rows, columns int) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32))
}

// network makes the parameters of layers, with weights drawn from a seed.
func network(layers []Layer, seed uint64) (parameters []G.ValueGrad) {
	for a, s := range Arrays(layers) {
		p := parameter{dense(s.In, s.Out), dense(s.In, s.Out)}
		stream := philox.New(seed, "test/weights")
		for i := range p.weights() {
			p.weights()[i] = float32(0.1 * stream.Normal(uint64(a), uint64(i)))
		}
		parameters = append(parameters, p)
	}
	return parameters
}

// differentiate fills in gradients that depend on the weights, with some zeros
// and a wide range of sizes, as rectified networks produce.
func differentiate(parameters []G.ValueGrad, step uint64) {
	stream := philox.New(99, "test/gradients")
	for a, p := range parameters {
		g, w := p.(parameter).gradient.Float32s(), p.(parameter).weights()
		for i := range g {
			index := uint64(a)<<32 | uint64(i)
			g[i] = w[i] + float32(math.Pow(10, 6*stream.Float64(step, index)-5)*stream.Normal(step, index))
			if stream.Uint32(step+1<<40, index)%4 == 0 {
				g[i] = 0
			}
		}
	}
}

func weights(parameters []G.ValueGrad) (all [][]float32) {
	for _, p := range parameters {
		all = append(all, slices.Clone(p.(parameter).weights()))
	}
	return all
}

// sameBits compares weights as bit patterns, so that -0 is not 0 and NaN is NaN.
func sameBits(a, b [][]float32) bool {
	return slices.EqualFunc(a, b, func(x, y []float32) bool {
		return slices.EqualFunc(x, y, func(v, w float32) bool { return math.Float32bits(v) == math.Float32bits(w) })
	})
}

// layersOf draws a small network whose arrays may still span several chunks.
func drawLayers(t *rapid.T) (layers []Layer) {
	sizes := rapid.SliceOfN(rapid.IntRange(1, 20), 2, 4).Draw(t, "sizes")
	if rapid.IntRange(0, 19).Draw(t, "large") == 0 {
		sizes[0] = 700 // 700 × up to 20: two or more chunks
	}
	bias := rapid.Bool().Draw(t, "bias")
	for l := range len(sizes) - 1 {
		layers = append(layers, Layer{In: sizes[l], Out: sizes[l+1], Bias: bias})
	}
	return layers
}

func drawScope(t *rapid.T, layers []Layer) Scope {
	return Scope{
		Layers: rapid.SliceOfN(rapid.IntRange(1, len(layers)), 0, 2).Draw(t, "layers"),
		Biases: rapid.Bool().Draw(t, "biases"),
	}
}

func drawMask(t *rapid.T, layers []Layer) MaskSpec {
	p := rapid.SampledFrom([]float64{0, 0.01, 0.3, 0.5, 0.9, 1}).Draw(t, "p")
	redraw := rapid.SampledFrom([]string{"step", "never"}).Draw(t, "redraw")
	switch rapid.IntRange(0, 10).Draw(t, "mask") {
	case 0:
		return &Bernoulli{p, redraw, drawScope(t, layers)}
	case 1:
		return &Neurons{p, drawSide(t), redraw, drawScope(t, layers)}
	case 2:
		least := math.MaxInt
		for _, l := range layers[:len(layers)-1] {
			least = min(least, l.Out)
		}
		k := 0
		if len(layers) > 1 {
			k = rapid.IntRange(0, least).Draw(t, "k")
		}
		return &Subnet{[]int{k}, p, rapid.Bool().Draw(t, "biases")}
	case 3:
		return &Frozen{drawScope(t, layers)}
	case 4:
		return &steep{threshold: p}
	case 5:
		return &FixedSynapses{drawShare(t, p, layers), drawScope(t, layers)}
	case 6:
		return &Alternating{p, rapid.IntRange(1, 3).Draw(t, "turns"), drawSide(t), drawScope(t, layers)}
	case 7:
		return &PerClass{p, drawSide(t), drawScope(t, layers)}
	case 8:
		return &Competitive{
			Share: drawShare(t, p, layers), Among: rapid.SampledFrom([]string{"layer", "neuron"}).Draw(t, "among"),
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"),
			By:    rapid.SampledFrom([]string{"update", "weight"}).Draw(t, "by"), Scope: drawScope(t, layers),
		}
	}
	return &Full{}
}

func drawSide(t *rapid.T) string {
	return rapid.SampledFrom([]string{"post", "pre", "both"}).Draw(t, "side")
}

func drawShare(t *rapid.T, p float64, layers []Layer) Share {
	switch rapid.IntRange(0, 2).Draw(t, "share") {
	case 0:
		return Share{P: []float64{p}, Balance: true}
	case 1:
		shares := make([]float64, len(layers))
		for l := range shares {
			shares[l] = p / float64(l+1)
		}
		return Share{P: shares}
	}
	return Share{P: []float64{p}}
}

// classes is how many there are in the tests' presentations.
const classes = 3

// labelled is what a step's gradients come from: a batch of two, with labels.
func labelled(step uint64) Presentation {
	s := philox.New(7, "test/labels")
	return Presentation{Batch: 2, Labels: []int32{int32(s.Intn(step, 0, classes)), int32(s.Intn(step, 1, classes))}}
}

// steep keeps synapses of large gradient: a mask that looks.
type steep struct {
	Full
	threshold float64
}

func (s *steep) New(Network, uint64, string) (Mask, error) { return s, nil }
func (*steep) KeepsAll(*Synapses) bool                     { return false }
func (s *steep) Select(a *Synapses, lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		if math.Abs(float64(a.Gradient[i])) > s.threshold {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// drawValueClip draws a bound for all layers, or one for each.
func drawValueClip(t *rapid.T, bound float64, layers []Layer) Clip {
	bounds := []float64{bound}
	if rapid.Bool().Draw(t, "a bound for each layer") {
		bounds = make([]float64, len(layers))
		for l := range bounds {
			bounds[l] = bound / float64(l+1)
		}
	}
	return &ClipValue{bounds}
}

func drawRule(t *rapid.T, layers []Layer) Rule {
	rule := Default()
	rule.Mask = nil
	for range rapid.IntRange(0, 3).Draw(t, "masks") {
		rule.Mask = append(rule.Mask, drawMask(t, layers))
	}
	bound := rapid.SampledFrom([]float64{1e-4, 0.01, 1, math.Inf(1)}).Draw(t, "bound")
	rule.Clip = rapid.SampledFrom([]Clip{NoClip{}, drawValueClip(t, bound, layers), &ClipNorm{bound, "network"}, &ClipNorm{bound, "layer"}}).Draw(t, "clip")
	rule.Optimizer = rapid.SampledFrom([]OptimizerSpec{
		&SGD{LearningRate: 0.1}, &Momentum{0.05, 0.9}, &Adam{0.01, 0.9, 0.999, 1e-8},
		&Langevin{LearningRate: 0.1, Temperature: 1e-3, Cooling: 2},
	}).Draw(t, "optimizer")
	rule.Cache = drawCache(t)
	return rule
}

// The fused pass and the obvious one leave the same bits, whatever the rule.
func TestUpdaterEqualsReference(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := drawRule(t, layers)
		seed := rapid.Uint64().Draw(t, "seed")
		fast, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, seed, pool)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := NewReference(rule, Network{Layers: layers, Classes: classes}, seed)
		if err != nil {
			t.Fatal(err)
		}
		a, b := network(layers, seed), network(layers, seed)
		for step := range uint64(3) {
			differentiate(a, step)
			differentiate(b, step)
			fast.Present(labelled(step))
			slow.Present(labelled(step))
			if err := fast.Step(a); err != nil {
				t.Fatal(err)
			}
			if err := slow.Step(b); err != nil {
				t.Fatal(err)
			}
			if !sameBits(weights(a), weights(b)) {
				t.Fatalf("step %d: weights differ", step)
			}
			for l, got := range fast.Changes() {
				want := slow.Changes()[l]
				if got.M0 != want.M0 || got.Stored != want.Stored || math.Abs(got.M1-want.M1) > 1e-12*want.M1 {
					t.Fatalf("step %d, layer %d: counted %+v, a recount gives %+v", step, l+1, got, want)
				}
			}
			if rapid.Bool().Draw(t, "rest") {
				fast.Rest(2)
				slow.Rest(2)
			}
			compareCaches(t, fast, slow)
		}
	})
}

// A synapse that no mask keeps is the same bits after any number of steps, and
// so is the optimizer's memory of it: when it is let free, it behaves as if
// the steps had not been. A case is a step of a network drawn at random, under
// rule, clip and optimizer drawn at random; there are 10 200.
func TestMaskedSynapsesKeepTheirBits(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if err := checks.Value.Set("3400"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checks.Value.Set(before) }()
	steps, frozen := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := drawRule(t, layers)
		rule.Cache = NoCache{} // in which time changes synapses, masked or not
		seed := rapid.Uint64().Draw(t, "seed")
		u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, seed, nil)
		if err != nil {
			t.Fatal(err)
		}
		twin, err := (&Rule{Mask: rule.Mask}).NewMasks(Network{Layers: layers, Classes: classes}, seed)
		if err != nil {
			t.Fatal(err)
		}
		parameters := network(layers, seed)
		for _, p := range parameters { // -0 and NaN must survive being masked too
			p.(parameter).weights()[0] = float32(math.Copysign(0, -1))
			if w := p.(parameter).weights(); len(w) > 1 {
				w[1] = float32(math.NaN())
			}
		}
		all := Arrays(layers)
		for step := range uint64(3) {
			differentiate(parameters, step)
			steps++
			before := weights(parameters)
			memory := memoryOf(u.optimizer)
			u.Present(labelled(step))
			if err := u.Step(parameters); err != nil {
				t.Fatal(err)
			}
			after, present := weights(parameters), memoryOf(u.optimizer)
			for a, s := range all {
				s.Weights, s.Gradient = before[a], parameters[a].(parameter).gradient.Float32s()
			}
			if err := Draw(twin, &Step{Number: step, Arrays: all, Presentation: labelled(step)}); err != nil {
				t.Fatal(err)
			}
			for a, s := range all {
				for i, free := range keeps(twin, s) {
					if free {
						continue
					}
					frozen++
					if math.Float32bits(before[a][i]) != math.Float32bits(after[a][i]) {
						t.Fatalf("step %d: masked synapse %d of array %d went from %v to %v", step, i, a, before[a][i], after[a][i])
					}
					for n, state := range present {
						if math.Float32bits(state[a][i]) != math.Float32bits(memory[n][a][i]) {
							t.Fatalf("step %d: the optimizer's memory of masked synapse %d changed", step, i)
						}
					}
				}
			}
		}
	})
	if steps < 10_000 || frozen < 100_000 {
		t.Errorf("%d steps in which %d synapses were masked, want at least 10 000 and 100 000", steps, frozen)
	}
}

// keeps asks the masks one by one which synapses may change.
func keeps(masks []Mask, s *Synapses) []bool {
	votes := make([]int, s.In*s.Out)
	for _, m := range masks {
		if m.KeepsAll(s) {
			for i := range votes {
				votes[i]++
			}
			continue
		}
		for _, i := range m.Select(s, 0, len(votes), nil) {
			votes[i]++
		}
	}
	kept := make([]bool, len(votes))
	for i, n := range votes {
		kept[i] = n == len(masks)
	}
	return kept
}

// memoryOf copies an optimizer's state: its arrays of arrays.
func memoryOf(o Optimizer) (state [][][]float32) {
	deep := func(arrays [][]float32) (copied [][]float32) {
		for _, a := range arrays {
			copied = append(copied, slices.Clone(a))
		}
		return copied
	}
	switch o := o.(type) {
	case *momentum:
		state = append(state, deep(o.velocity))
	case *adam:
		state = append(state, deep(o.first), deep(o.second))
	}
	return state
}

// Rules that keep everything and clip nothing are the plain rule, to the bit,
// counts included.
func TestLimitsAreThePlainRule(t *testing.T) {
	layers := []Layer{{In: 700, Out: 30, Bias: true}, {In: 30, Out: 10, Bias: true}}
	for _, optimizer := range []OptimizerSpec{
		&SGD{LearningRate: 0.1}, &Momentum{0.05, 0.9}, &Adam{0.01, 0.9, 0.999, 1e-8}, &Langevin{LearningRate: 0.1, Temperature: 1e-3},
	} {
		plain := Default()
		plain.Optimizer = optimizer
		want, changes := trained(t, plain, layers)
		for name, vary := range map[string]func(*Rule){
			"bernoulli p=1":     func(r *Rule) { r.Mask = []MaskSpec{&Bernoulli{1, "step", Scope{Biases: true}}} },
			"neurons p=1":       func(r *Rule) { r.Mask = []MaskSpec{&Neurons{1, "both", "step", Scope{Biases: true}}} },
			"fixed neurons p=1": func(r *Rule) { r.Mask = []MaskSpec{&Neurons{1, "both", "never", Scope{Biases: true}}} },
			"synapses p=1":      func(r *Rule) { r.Mask = []MaskSpec{&FixedSynapses{Share{P: []float64{1}}, Scope{Biases: true}}} },
			"alternating p=1":   func(r *Rule) { r.Mask = []MaskSpec{&Alternating{1, 2, "both", Scope{Biases: true}}} },
			"per class p=1":     func(r *Rule) { r.Mask = []MaskSpec{&PerClass{1, "both", Scope{Biases: true}}} },
			"subnet k=all":      func(r *Rule) { r.Mask = []MaskSpec{&Subnet{[]int{30}, 0, true}} },
			"subnet fraction=1": func(r *Rule) { r.Mask = []MaskSpec{&Subnet{[]int{0}, 1, true}} },
			"no mask":           func(r *Rule) { r.Mask = nil },
			"value clip at ∞":   func(r *Rule) { r.Clip = &ClipValue{[]float64{math.Inf(1)}} },
			"norm clip at ∞":    func(r *Rule) { r.Clip = &ClipNorm{math.Inf(1), "network"} },
			"norm clip at 1e9":  func(r *Rule) { r.Clip = &ClipNorm{1e9, "network"} },
			"by layer at 1e9":   func(r *Rule) { r.Clip = &ClipNorm{1e9, "layer"} },
			"by layer at ∞":     func(r *Rule) { r.Clip = &ClipNorm{math.Inf(1), "layer"} },
		} {
			rule := plain
			vary(&rule)
			got, counted := trained(t, rule, layers)
			if !sameBits(got, want) {
				t.Errorf("%T, %s: other weights than the plain rule", optimizer, name)
			}
			if diff := cmp.Diff(changes, counted); diff != "" {
				t.Errorf("%T, %s: other counts than the plain rule:\n%s", optimizer, name, diff)
			}
		}
	}
}

// trained returns weights and summed changes after some steps of a rule.
func trained(t *testing.T, rule Rule, layers []Layer) ([][]float32, []Change) {
	t.Helper()
	u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := network(layers, 7)
	total := make([]Change, len(layers))
	for step := range uint64(5) {
		differentiate(parameters, step)
		u.Present(labelled(step))
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		for l, c := range u.Changes() {
			total[l].Add(c)
		}
	}
	return weights(parameters), total
}

// The count does not depend on how the update is walked: a mask that happens
// to keep everything goes through the sparse path, and the sum is the same bits.
func TestSparseAndDenseWalksCountAlike(t *testing.T) {
	layers := []Layer{{In: 300, Out: 40, Bias: true}, {In: 40, Out: 7, Bias: true}}
	want, changes := trained(t, Default(), layers)
	rule := Default()
	rule.Mask = []MaskSpec{keepEach{}}
	got, counted := trained(t, rule, layers)
	if !sameBits(got, want) || !cmp.Equal(changes, counted) {
		t.Errorf("sparse walk counted %v, dense walk %v", counted, changes)
	}
}

// keepEach keeps every synapse without saying so.
type keepEach struct{ Full }

func (keepEach) Begin(*Step) error { return nil }

func (k keepEach) New(Network, uint64, string) (Mask, error) { return k, nil }
func (keepEach) KeepsAll(*Synapses) bool                     { return false }
func (keepEach) Select(_ *Synapses, lo, hi int, kept []int32) []int32 {
	return Range(lo, hi, kept)
}

func TestClips(t *testing.T) {
	layers := []Layer{{In: 50, Out: 20, Bias: true}}
	for name, c := range map[string]struct {
		clip    Clip
		checked func(update []float64) bool
	}{
		"value": {&ClipValue{[]float64{0.003}}, func(u []float64) bool {
			return slices.Max(u) <= 0.003*(1+1e-4) && slices.Max(u) > 0.0029
		}},
		"norm": {&ClipNorm{0.5, "network"}, func(u []float64) bool {
			square := 0.0
			for _, d := range u {
				square += d * d
			}
			return math.Abs(math.Sqrt(square)-0.5) < 1e-4
		}},
	} {
		rule := Default()
		rule.Clip = c.clip
		u, err := NewUpdater(rule, Network{Layers: layers}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		parameters := network(layers, 1)
		differentiate(parameters, 0)
		before := weights(parameters)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		var update []float64
		for a, w := range weights(parameters) {
			for i := range w {
				update = append(update, math.Abs(float64(w[i])-float64(before[a][i])))
			}
		}
		if !c.checked(update) {
			t.Errorf("%s: the clip does not hold: largest change %v", name, slices.Max(update))
		}
	}
}

func TestWrongParametersAreErrors(t *testing.T) {
	layers := []Layer{{In: 4, Out: 3, Bias: true}}
	u, err := NewUpdater(Default(), Network{Layers: layers}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Step(network(layers, 1)[:1]); err == nil {
		t.Error("no error for a missing parameter")
	}
	if err := u.Step(network([]Layer{{In: 5, Out: 3, Bias: true}}, 1)); err == nil {
		t.Error("no error for a parameter of another shape")
	}
}

func BenchmarkStep(b *testing.B) {
	layers := []Layer{{In: 784, Out: 512, Bias: true}, {In: 512, Out: 10, Bias: true}}
	scope := Scope{Biases: true}
	for name, masks := range map[string][]MaskSpec{
		"dense":         {&Full{}},
		"bernoulli-0.5": {&Bernoulli{0.5, "step", scope}},
		"neurons-0.5":   {&Neurons{0.5, "both", "step", scope}},
		"subnet-0.1":    {&Subnet{[]int{0}, 0.1, true}},
	} {
		b.Run(name, func(b *testing.B) {
			pool := parallel.New(0)
			defer pool.Close()
			rule := Default()
			rule.Mask, rule.Clip = masks, &ClipValue{[]float64{0.01}}
			u, err := NewUpdater(rule, Network{Layers: layers}, 1, pool)
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
