package masks

import (
	"maps"
	"math"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/philox"
)

// sizes are kinds of factors: what they are for a number that is uniform in (-1,1).
var sizes = map[string]func(u float64) float64{
	"pixels":   func(u float64) float64 { return max(0, math.Round(255*u)/255) }, // many zeros, and equal ones
	"errors":   func(u float64) float64 { return u * u * u },
	"one":      func(float64) float64 { return 1 },
	"tiny":     func(u float64) float64 { return 1e-22 * u }, // products underflow
	"huge":     func(u float64) float64 { return 1e20 * u },  // and overflow
	"infinite": func(u float64) float64 { return 1 / math.Round(2*u) },
	"NaN":      func(u float64) float64 { return math.Round(4*u) / math.Round(2*u) },
}

// factored makes the step of a presentation with factors of some size, and writes
// its gradients out.
func factored(layers []Layer, seed uint64, activity, errors string) *Step {
	step := &Step{Arrays: Arrays(layers), Outer: true, Presentation: Presentation{Batch: 1}}
	draw := func(n int, size string, id uint64) (x []float32) {
		s := philox.New(seed, "test/"+size)
		for i := range n {
			x = append(x, float32(sizes[size](2*s.Float64(id, uint64(i))-1)))
		}
		return x
	}
	step.Activity = append(step.Activity, draw(layers[0].In, activity, 0))
	for l, layer := range layers {
		step.Activity = append(step.Activity, draw(layer.Out, activity, uint64(l+1)))
		step.Errors = append(step.Errors, draw(layer.Out, errors, uint64(l)))
	}
	for _, s := range step.Arrays {
		x := []float32{1}
		if !s.Bias {
			x = step.Activity[s.Layer]
		}
		s.Weights, s.Gradient = make([]float32, s.In*s.Out), make([]float32, s.In*s.Out)
		for i := range s.Gradient {
			s.Gradient[i] = x[i/s.Out] * step.Errors[s.Layer][i%s.Out]
		}
	}
	return step
}

// Factors name the winners that the gradient written out does, ties, underflow and
// overflow included, and leave alone what is not finite.
func TestFactorsNameTheWinnersOfTheGradient(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(sizes))
	byFactors := 0
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 150)
		layers := []Layer{{In: width.Draw(t, "in"), Out: width.Draw(t, "hidden"), Bias: rapid.Bool().Draw(t, "bias")}, {Out: 3}}
		layers[1].In = layers[0].Out
		spec := &Competitive{
			Share: Share{P: []float64{rapid.SampledFrom([]float64{0, 0.01, 0.1, 0.5, 0.9, 0.99}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"),
			By:    "update", Scope: Scope{Biases: rapid.Bool().Draw(t, "biases")},
		}
		all, err := (&Rule{Mask: append(drawBefore(t, layers), spec)}).NewMasks(Network{Layers: layers}, 7)
		if err != nil {
			t.Fatal(err)
		}
		step := factored(layers, rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom(kinds).Draw(t, "activity"), rapid.SampledFrom(kinds).Draw(t, "errors"))
		var kept [2][][]bool
		for n := range kept {
			step.Outer = n == 0
			if err := Draw(all, step); err != nil {
				t.Fatal(err)
			}
			for _, s := range step.Arrays {
				kept[n] = append(kept[n], keeps(all, s))
			}
			if all[len(all)-1].(*competitive).competitions[0].factored {
				byFactors++
			}
		}
		for a := range kept[0] {
			if !slices.Equal(kept[0][a], kept[1][a]) {
				t.Fatalf("array %d: factors keep %v, the gradient %v", a, kept[0][a], kept[1][a])
			}
		}
	})
	if byFactors < 20 {
		t.Errorf("only %d contests were decided by factors", byFactors)
	}
}

// Wide layers, whose rows do not end where chunks and words do, learn from the columns
// of each row what the reference learns.
func TestLearningByColumnsEqualsReference(t *testing.T) {
	for _, out := range []int{16, 63, 64, 133, 200} {
		layers := []Layer{{In: 120, Out: out, Bias: true}, {In: out, Out: 70}}
		for _, order := range []string{"largest", "smallest"} {
			for _, among := range []string{"layer", "neuron"} {
				for _, p := range []float64{0.01, 0.3, 0.95} {
					rule := Default()
					rule.Optimizer, rule.Clip = &SGD{LearningRate: 0.1}, &ClipValue{Bound: []float64{0.05}}
					rule.Mask = []MaskSpec{&Competitive{Share: Share{P: []float64{p}}, Among: among, Order: order, By: "update"}}
					if out == 133 {
						rule.Mask = append([]MaskSpec{&Subnet{K: []int{100}}}, rule.Mask...)
					}
					checkOnProducts(t, rule, layers)
				}
			}
		}
	}
}

// checkOnProducts compares a step from factors with the reference, and its counts, in
// every lane, with those of a step from the gradient written out.
func checkOnProducts(t *testing.T, rule Rule, layers []Layer) {
	t.Helper()
	net := Network{Layers: layers}
	fast, err := NewUpdater(rule, net, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := NewUpdater(rule, net, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	slow, err := NewReference(rule, net, 1)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	got := stepOf(t, fast, layers, &asked, false)
	if asked > 0 {
		t.Errorf("%d gradients were written out", asked)
	}
	want := stepOf(t, slow, layers, new(int), true)
	for i := range got {
		if !slices.Equal(got[i], want[i]) {
			t.Fatalf("array %d of %v: weights differ", i, layers)
		}
	}
	stepOf(t, plain, layers, new(int), true)
	if !slices.Equal(fast.tallies, plain.tallies) {
		t.Errorf("%v: counted %+v, from the gradient written out %+v", layers, fast.tallies, plain.tallies)
	}
	for l, got := range fast.Changes() {
		if want := slow.Changes()[l]; got.M0 != want.M0 || got.Stored != want.Stored {
			t.Errorf("layer %d: counted %+v, a recount gives %+v", l+1, got, want)
		}
	}
}

// learner is an Updater or a Reference.
type learner interface {
	G.Solver
	Present(p Presentation)
}

// stepOf makes a step on fresh products, whose gradients are perhaps written out
// before, and returns the weights.
func stepOf(t *testing.T, u learner, layers []Layer, asked *int, written bool) (after [][]float32) {
	t.Helper()
	parameters, presented := products(layers, 1, 0, 1, asked)
	for i, w := range weights(network(layers, 1)) {
		copy(synapsesOf(parameters[i]), w)
		if p, ok := parameters[i].(*product); ok && written {
			if _, err := p.Grad(); err != nil {
				t.Fatal(err)
			}
			parameters[i] = p.parameter
		}
	}
	u.Present(presented)
	if err := u.Step(parameters); err != nil {
		t.Fatal(err)
	}
	for _, p := range parameters {
		after = append(after, synapsesOf(p))
	}
	return after
}

// A step whose competitions are decided by factors allocates nothing.
func TestFactoredCompetitionAllocatesNothing(t *testing.T) {
	layers := []Layer{{In: 300, Out: 200, Bias: true}, {In: 200, Out: 10, Bias: true}}
	for _, among := range []string{"layer", "neuron", "network"} {
		for _, order := range []string{"largest", "smallest"} {
			spec := &Competitive{Share: Share{P: []float64{0.3}}, Among: among, Order: order, By: "update", Scope: Scope{Biases: true}}
			mask, err := spec.New(Network{Layers: layers}, 0, "")
			if err != nil {
				t.Fatal(err)
			}
			step := factored(layers, 1, "pixels", "errors")
			if n := testing.AllocsPerRun(5, func() {
				if err := mask.Begin(step); err != nil {
					t.Error(err)
				}
			}); n >= 1 && !raceDetector {
				t.Errorf("%s of a %s: %v allocations", order, among, n)
			}
		}
	}
}
