package descent

import (
	"context"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"gorgonia.org/tensor"
)

// gradient returns the gradient of one example at the run's weights, arrays joined by layer.
func gradient(t *testing.T, r *Run, m *machine, example int32) (layers [][]float64) {
	t.Helper()
	m.load(r.arrays())
	p, err := m.present(r.Live.Data.Train, []int32{example}, r.Plain())
	if err != nil {
		t.Fatal(err)
	}
	for i, parameter := range p.Parameters() {
		value, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 { // weights, then biases
			layers = append(layers, nil)
		}
		for _, g := range value.(*tensor.Dense).Float32s() {
			layers[len(layers)-1] = append(layers[len(layers)-1], float64(g))
		}
	}
	return layers
}

// bruteForce computes what Measure should give for the share p of largest updates of each
// layer, by definition: from all gradients, one by one, and sorting.
func bruteForce(t *testing.T, r *Run, plan Plan, p, rate float64) (plain, selected Sums) {
	t.Helper()
	m, err := newMachine(r.Live.Config, r.Live.Data)
	if err != nil {
		t.Fatal(err)
	}
	defer m.engine.Close()
	batches, rest, err := r.draw(plan)
	if err != nil {
		t.Fatal(err)
	}
	var mean [][]float64
	for _, example := range rest {
		for l, g := range gradient(t, r, m, example) {
			if len(mean) == l {
				mean = append(mean, make([]float64, len(g)))
			}
			for i, x := range g {
				mean[l][i] += x / float64(len(rest))
			}
		}
	}
	for _, batch := range batches {
		for l, g := range gradient(t, r, m, batch[0]) {
			sizes := make([]float64, len(g))
			for i, x := range g {
				sizes[i] = math.Abs(x)
			}
			slices.Sort(sizes)
			least := sizes[int(math.RoundToEven((1-p)*float64(len(g)-1)))]
			for i, x := range g {
				if x == 0 {
					continue
				}
				s := Sums{rate * x * mean[l][i], rate * x * x, 1, rate * math.Abs(x)}
				plain.Add(s)
				if math.Abs(x) >= least {
					selected.Add(s)
				}
			}
		}
	}
	return plain, selected
}

// near says whether sums are the same up to the rounding of weights and rates to float32.
func near(a, b Sums) bool {
	close := func(x, y float64) bool { return math.Abs(x-y) <= 1e-4*max(math.Abs(x), math.Abs(y)) }
	return close(a.Descent, b.Descent) && close(a.Work, b.Work) && a.M0 == b.M0 && close(a.M1, b.M1)
}

// Shares are those of the definition, and other ones for a p that is off by a tenth.
func TestBruteForce(t *testing.T) {
	r := opened(t, trained(t))
	plan := Plan{Rules: []Rule{ruleOf(t, r, "mask={kind: competitive, p: 0.1}")}, Samples: 40, Chunks: 7, Of: Training}
	got := measured(t, r, 30, plan)
	plain, selected := bruteForce(t, r, plan, 0.1, 0.05)
	if !near(got[0], plain) || !near(got[1], selected) {
		t.Errorf("plain %+v, want %+v; competitive %+v, want %+v", got[0], plain, got[1], selected)
	}
	if _, other := bruteForce(t, r, plan, 0.11, 0.05); near(got[1], other) {
		t.Error("the test does not tell p = 0.1 from 0.11")
	}
}

// A gate keeps the presentations that it opens for; random masks keep their share; the whole is kept
// by a mask that keeps all.
func TestSharesOfOtherRules(t *testing.T) {
	r := opened(t, trained(t))
	plan := Plan{Rules: []Rule{
		ruleOf(t, r, "gate=lazy"), ruleOf(t, r, "mask={kind: bernoulli, p: 0.4}"), ruleOf(t, r, "mask={kind: competitive, p: 1}"),
		ruleOf(t, r, "clip={kind: value, bound: 0.001}"),
	}, Samples: 60, Chunks: 16, Of: Training}
	got := measured(t, r, 30, plan)
	plain := got[0]
	if share := got[1].M0 / plain.M0; !(share > 0 && share < 1) || got[1].Work > plain.Work {
		t.Errorf("lazy: %+v of %+v", got[1], plain)
	}
	if share := got[2].M0 / plain.M0; math.Abs(share-0.4) > 0.02 {
		t.Errorf("bernoulli p=0.4 changes %g", share)
	}
	if got[3] != plain {
		t.Errorf("competitive p=1: %+v, plain %+v", got[3], plain)
	}
	if got[4].M0 != plain.M0 || !(got[4].M1 < plain.M1) || !(got[4].Work < plain.Work) {
		t.Errorf("clip: %+v, plain %+v", got[4], plain)
	}
}

// One linear unit on Gaussian inputs: a = 2[cφ(c) + Q(c)], p = 2Q(c), exactly (de/dt = -2ηae + η²av).
func TestGaussian(t *testing.T) {
	directory := trained(t, "data={name: teacher, inputs: 400, units: 1, activation: linear, train: 4000, test: 10}",
		"model={kind: mlp, hidden: [], output: linear, loss: mse, bias: false}", "train.goals=[]", "train.max_steps=10")
	r := opened(t, directory)
	plan := Plan{Rules: []Rule{ruleOf(t, r, "mask={kind: competitive, p: 0.1}"), ruleOf(t, r, "mask={kind: competitive, p: 0.03}")}, Samples: 1000, Chunks: 10, Of: Training}
	got := measured(t, r, 10, plan)
	for i, p := range []float64{0.1, 0.03} {
		want, slow := kept(p), kept(0.9*p)
		a, noise := got[i+1].Descent/got[0].Descent, got[i+1].Work/got[0].Work
		spread := math.Sqrt(want * (1 - want) / float64(plan.Samples)) // of Σ_S x·ḡ around its mean
		if math.Abs(a-want) > 4*spread || math.Abs(noise-want) > 0.01 {
			t.Errorf("p = %g keeps %.4f of the descent and %.4f of the square, theory %.4f", p, a, noise, want)
		}
		if math.Abs(noise-slow) < 0.01 {
			t.Errorf("the test does not tell p = %g from %g: %.4f, %.4f", p, 0.9*p, noise, slow)
		}
	}
}

// kept is the share of descent and square of the share p of largest inputs, for Gaussian ones.
func kept(p float64) float64 {
	c := distuv.UnitNormal.Quantile(1 - p/2)
	return 2 * (c*distuv.UnitNormal.Prob(c) + p/2)
}

// The same bits on any number of cores.
func TestCores(t *testing.T) {
	directory := trained(t)
	var results [][]Chunk
	for _, cores := range []int{1, 3} {
		before := runtime.GOMAXPROCS(cores)
		r := opened(t, directory)
		rules := []Rule{ruleOf(t, r, "mask={kind: neurons, p: 0.4}"), ruleOf(t, r, "gate=lazy"), ruleOf(t, r, "error={kind: meprop, k: 3}")}
		all, err := r.Measure(context.Background(), Plan{Rules: rules, Samples: 20, Chunks: 5, Of: Training}, func() {})
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, all)
	}
	if !reflect.DeepEqual(results[0], results[1]) {
		t.Error("another result on one core")
	}
}

// What is measured changes nothing of the run.
func TestReplayStays(t *testing.T) {
	directory := trained(t)
	a, b := opened(t, directory), opened(t, directory)
	measured(t, a, 30, Plan{Rules: []Rule{ruleOf(t, a, "mask={kind: competitive, p: 0.1}")}, Samples: 8, Chunks: 2, Of: Errors})
	for _, r := range []*Run{a, b} {
		if err := r.Advance(context.Background(), r.Steps, func() {}); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(a.arrays(), b.arrays()) || a.Differs != 0 || a.Replayed != 3 {
		t.Errorf("another run: %d evaluations replayed, differs at %d", a.Replayed, a.Differs)
	}
}
