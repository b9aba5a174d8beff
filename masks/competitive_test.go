package masks

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
)

// The paper's counts for its network, p = 0.01 with balancing: element number
// round(0.99·(n-1)) and everything above it.
func TestWinnersOfThePaper(t *testing.T) {
	for _, c := range []struct {
		p    float64
		n    int
		want int
	}{
		{0.01, 157000, 157000 - 155429}, // round(0.99·156999) = 155429.01
		{0.784, 2000, 2000 - 432},       // round(0.216·1999) = 431.8
		{1, 10, 10}, {0, 10, 1},         // the largest is never below itself
		{0.5, 4, 4 - 2}, // round(1.5) = 2, half to even
		{0.5, 6, 6 - 2}, // round(2.5) = 2
	} {
		if got := quota(c.p, c.n); got != c.want {
			t.Errorf("p %v of %d: %d winners, want %d", c.p, c.n, got, c.want)
		}
	}
}

func TestKthLargestIsThatOfASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		spread := rapid.SampledFrom([]uint32{1, 3, 1 << 12, 1 << 22, math.MaxInt32}).Draw(t, "spread") // few or many ties
		least := rapid.Uint32Range(0, math.MaxInt32-spread).Draw(t, "least")
		s := philox.New(rapid.Uint64().Draw(t, "seed"), "keys")
		keys := make([]uint32, n)
		for i := range keys {
			keys[i] = least + s.Uint32(0, uint64(i))%spread
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(keys))
		if got := kthLargest(keys, k); got != sorted[n-k] {
			t.Fatalf("number %d of %d is %d, want %d", k, n, got, sorted[n-k])
		}
	})
}

// obvious is what a competition keeps, by its definition: sort, look up the
// order statistic, compare. Frozen synapses take part with 0.
func obvious(values []float64, frozen []bool, p float64, smallest bool) []bool {
	compared := make([]float64, len(values))
	for i, v := range values {
		if compared[i] = math.Abs(v); smallest {
			compared[i] = -math.Abs(v)
		}
		if frozen[i] {
			compared[i] = 0
		}
	}
	sorted := slices.Sorted(slices.Values(compared))
	threshold := sorted[int(math.RoundToEven((1-p)*float64(len(sorted)-1)))]
	kept := make([]bool, len(values))
	for i, v := range compared {
		kept[i] = v >= threshold && !frozen[i]
	}
	return kept
}

// presented makes a step of one presentation: factors with zeros and ties, and
// gradients that are their outer products.
func presented(layers []Layer, seed uint64) *Step {
	step := &Step{Arrays: Arrays(layers), Outer: true}
	step.Batch = 1
	draw := func(n int, name string) []float32 {
		s, x := philox.New(seed, name), make([]float32, n)
		for i := range x {
			switch s.Uint32(1, uint64(i)) % 4 {
			case 0: // stays 0
			case 1:
				x[i] = 0.5 // ties
			default:
				x[i] = float32(math.Pow(10, 4*s.Float64(2, uint64(i))-3) * s.Normal(0, uint64(i)))
			}
		}
		return x
	}
	step.Activity = append(step.Activity, draw(layers[0].In, "input"))
	for l, layer := range layers {
		step.Activity = append(step.Activity, draw(layer.Out, "activity"+string(rune('0'+l))))
		step.Errors = append(step.Errors, draw(layer.Out, "error"+string(rune('0'+l))))
	}
	for a, s := range step.Arrays {
		x := []float32{1}
		if !s.Bias {
			x = step.Activity[s.Layer]
		}
		s.Gradient, s.Weights = make([]float32, s.In*s.Out), make([]float32, s.In*s.Out)
		for i := range s.Gradient {
			s.Gradient[i] = x[i/s.Out] * step.Errors[s.Layer][i%s.Out]
			s.Weights[i] = float32(philox.New(seed, "w").Normal(uint64(a), uint64(i)))
		}
	}
	return step
}

// Every competition of synapses keeps what its definition says, whether it is
// decided by the factors of the gradient or by the gradient itself.
func TestCompetitionKeepsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		spec := &Competitive{
			Share: Share{P: []float64{rapid.SampledFrom([]float64{0, 0.01, 0.1, 0.37, 0.9}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "largest", "smallest"}).Draw(t, "order"),
			By:    rapid.SampledFrom([]string{"update", "update", "weight"}).Draw(t, "by"),
			Scope: Scope{Biases: rapid.Bool().Draw(t, "biases")},
		}
		step := presented(layers, rapid.Uint64().Draw(t, "seed"))
		step.Outer = rapid.Bool().Draw(t, "outer")
		before := drawBefore(t, layers)
		all, err := (&Rule{Mask: append(before, spec)}).NewMasks(Network{Layers: layers}, 7)
		if err != nil {
			t.Fatal(err)
		}
		if err := Draw(all, step); err != nil {
			t.Fatal(err)
		}
		want := spec.obviously(step, all[:len(before)])
		for a, s := range step.Arrays {
			got, free := keeps(all, s), keeps(all[:len(before)], s)
			for i := range got {
				want[a][i] = free[i] && (want[a][i] || s.Bias && !spec.Biases)
				if got[i] != want[a][i] {
					t.Fatalf("array %d, synapse %d of %d (gradient %v): kept %v, want %v", a, i, len(got), s.Gradient[i], got[i], want[a][i])
				}
			}
		}
	})
}

func drawBefore(t *rapid.T, layers []Layer) []MaskSpec {
	switch rapid.IntRange(0, 3).Draw(t, "before") {
	case 1:
		return []MaskSpec{&Neurons{0.5, rapid.SampledFrom([]string{"pre", "post", "both"}).Draw(t, "side"), "never", drawScope(t, layers)}}
	case 2:
		return []MaskSpec{&Subnet{[]int{0}, 0.5, rapid.Bool().Draw(t, "subnet biases")}}
	case 3:
		return []MaskSpec{&Bernoulli{0.5, "never", drawScope(t, layers)}}
	}
	return nil
}

// obviously is obvious for each of the groups that compete.
func (c *Competitive) obviously(step *Step, before []Mask) (kept [][]bool) {
	type place struct{ array, synapse int }
	groups := map[[2]int][]place{}
	for a, s := range step.Arrays {
		kept = append(kept, make([]bool, len(s.Weights)))
		if s.Bias && !c.Biases {
			continue
		}
		for i := range s.Weights {
			group := [2]int{s.Layer, 0}
			if c.Among == "neuron" {
				group[1] = i % s.Out
			}
			if c.Among == "network" {
				group[0] = 0
			}
			groups[group] = append(groups[group], place{a, i})
		}
	}
	var free [][]bool
	for _, s := range step.Arrays {
		free = append(free, keeps(before, s))
	}
	for _, members := range groups {
		var values []float64
		var frozen []bool
		for _, p := range members {
			s := step.Arrays[p.array]
			value := s.Gradient[p.synapse]
			if c.By == "weight" {
				value = s.Weights[p.synapse]
			}
			values = append(values, float64(value))
			frozen = append(frozen, !free[p.array][p.synapse])
		}
		if c.Order == "smallest" || c.By == "weight" {
			values, frozen = c.withoutFrozen(values, frozen)
		}
		for n, k := range obvious(values, frozen, c.P[0], c.Order == "smallest") {
			// Who has no update to make is not among the largest.
			kept[members[n].array][members[n].synapse] = k && (c.By == "weight" || c.Order == "smallest" || values[n] != 0)
		}
	}
	return kept
}

// withoutFrozen gives frozen synapses the magnitude that loses.
func (c *Competitive) withoutFrozen(values []float64, frozen []bool) ([]float64, []bool) {
	loses := 0.0
	if c.Order == "smallest" {
		loses = math.Inf(1)
	}
	values = slices.Clone(values)
	for i, f := range frozen {
		if f {
			values[i] = loses
		}
	}
	return values, make([]bool, len(values))
}

// A step of one presentation, decided by the factors of its gradient, updates
// like the reference, which knows nothing of factors: in every bit, with every
// optimizer, over several steps.
func TestFactoredCompetitionUpdatesLikeTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := Default()
		rule.Optimizer = rapid.SampledFrom([]OptimizerSpec{
			&SGD{LearningRate: 0.1, Half: 2}, &Momentum{0.05, 0.9}, &Adam{0.01, 0.9, 0.999, 1e-8},
		}).Draw(t, "optimizer")
		rule.Mask = append(drawBefore(t, layers), &Competitive{
			Share: Share{P: []float64{rapid.SampledFrom([]float64{0.01, 0.2, 0.9}).Draw(t, "p")}},
			Among: rapid.SampledFrom([]string{"layer", "neuron", "network"}).Draw(t, "scope"),
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"), By: "update",
			Scope: Scope{Biases: rapid.Bool().Draw(t, "biases")},
		})
		fast, err := NewUpdater(rule, Network{Layers: layers}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := NewReference(rule, Network{Layers: layers}, 1)
		if err != nil {
			t.Fatal(err)
		}
		ours, theirs := network(layers, 1), network(layers, 1)
		for n := range uint64(4) {
			step := presented(layers, 100*n+rapid.Uint64().Draw(t, "seed")%100)
			for a, s := range step.Arrays {
				copy(ours[a].(parameter).gradient.Float32s(), s.Gradient)
				copy(theirs[a].(parameter).gradient.Float32s(), s.Gradient)
			}
			fast.Present(step.Presentation)
			slow.Present(step.Presentation)
			if err := fast.Step(ours); err != nil {
				t.Fatal(err)
			}
			if err := slow.Step(theirs); err != nil {
				t.Fatal(err)
			}
			if !fast.drawn.Outer {
				t.Fatal("the step was not taken for an outer product")
			}
			if !sameBits(weights(ours), weights(theirs)) {
				t.Fatalf("step %d: weights differ", n)
			}
			for l, c := range fast.Changes() {
				if want := slow.Changes()[l]; c.M0 != want.M0 || c.Stored != want.Stored {
					t.Fatalf("step %d, layer %d: %v, want %v", n, l+1, c, want)
				}
			}
		}
	})
}

func TestCompetitionOfNeurons(t *testing.T) {
	layers := []Layer{{In: 3, Out: 4, Bias: true}}
	step := presented(layers, 1)
	step.Outer, step.Batch = false, 2
	step.Errors[0] = []float32{1, -5, 0, 2 /**/, -3, 1, 0.5, 2} // sums 4, 6, 0.5, 4
	step.Activity[1] = []float32{0, 1, 2, 3 /**/, 9, 0, 0, 0}   // sums 9, 1, 2, 3
	for name, c := range map[string]struct {
		by, order string
		p         float64
		want      []int32
	}{
		"largest error":     {"error", "largest", 0.25, []int32{0, 1, 3}}, // element round(0.75·3) = 2 of 0.5 4 4 6: the tie is kept
		"largest activity":  {"activity", "largest", 0.25, []int32{0, 3}}, // of 1 2 3 9
		"smallest activity": {"activity", "smallest", 0.5, []int32{1, 2}}, // element 2 of -9 -3 -2 -1
	} {
		spec := &Competitive{Share: Share{P: []float64{c.p}}, Among: "layer", Order: c.order, By: c.by, Scope: Scope{Biases: true}}
		mask, err := spec.New(Network{Layers: layers}, 0, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := mask.Begin(step); err != nil {
			t.Fatal(err)
		}
		if got := mask.Select(step.Arrays[1], 0, 4, nil); !slices.Equal(got, c.want) {
			t.Errorf("%s: neurons %v, want %v", name, got, c.want)
		}
		frozen := &Neurons{0.5, "post", "never", Scope{Biases: true}}
		both, err := (&Rule{Mask: []MaskSpec{frozen, spec}}).NewMasks(Network{Layers: layers}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := Draw(both, step); err != nil {
			t.Fatal(err)
		}
		step.Before = nil
		plastic := both[0].Select(step.Arrays[1], 0, 4, nil)
		for _, j := range both[1].Select(step.Arrays[1], 0, 4, nil) {
			if !slices.Contains(plastic, j) {
				t.Errorf("%s: neuron %d has won, and only %v are plastic", name, j, plastic)
			}
		}
		if err := mask.Begin(&Step{Arrays: step.Arrays}); err == nil {
			t.Errorf("%s: no error for a step that shows no activity", name)
		}
	}
}

func TestWrongCompetitions(t *testing.T) {
	layers := Network{Layers: []Layer{{In: 3, Out: 4}, {In: 4, Out: 2}}}
	for name, spec := range map[string]*Competitive{
		"three shares of two layers": {Share: Share{P: []float64{1, 0.5, 1}}, Among: "layer"},
		"no such layer":              {Share: Share{P: []float64{0.5}}, Among: "layer", Scope: Scope{Layers: []int{3}}},
	} {
		if _, err := spec.New(layers, 0, ""); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, spec := range map[string]*Competitive{
		"shares of one network": {Share: Share{P: []float64{1, 0.5}}, Among: "network"},
		"neurons of a network":  {Share: Share{P: []float64{0.5}}, Among: "network", By: "error"},
		"no share":              {Among: "layer"},
	} {
		if err := spec.Validate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The threshold of an outer product is found without writing the product:
// compare with BenchmarkKthLargestWritten.
func BenchmarkKthLargestFactored(b *testing.B) {
	step := presented([]Layer{{In: 785, Out: 200}}, 1)
	o := new(Product)
	for b.Loop() {
		o.Load(step.Activity[0], step.Errors[0], Submatrix{}, false)
		least, _ := kthLargestOf([]*Product{o}, 1571)
		o.Prefix(least)
		o.Keep(false)
	}
}

func BenchmarkKthLargestWritten(b *testing.B) {
	step := presented([]Layer{{In: 785, Out: 200}}, 1)
	keys := make([]uint32, len(step.Arrays[0].Gradient))
	for b.Loop() {
		for i, g := range step.Arrays[0].Gradient {
			keys[i] = Key(g)
		}
		kthLargest(keys, 1571)
	}
}
