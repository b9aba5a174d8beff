package maskstest

import (
	"math"
	"slices"

	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
)

// checkOptimizer checks that an optimizer's memory of a synapse changes only with that
// synapse, that its loops equal Update, and that its capabilities hold.
func checkOptimizer(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "optimizer", kind)
	seed := rapid.Uint64().Draw(t, "seed")
	all := masks.Arrays(net.Layers)
	new := func() masks.Optimizer {
		o, err := rule.NewOptimizer(net, seed)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	one, other := new(), new() // one synapse at a time, and by UpdateAt
	watched := newWatched(t, net, seed)
	for step := range uint64(3) {
		sizes := map[int]map[string][]uint64{}
		for _, s := range all {
			before, err := remembered(one, s.In*s.Out)
			if err != nil {
				t.Fatalf("a checkpoint cannot carry it: %v", err)
			}
			sizes[s.In*s.Out] = before
		}
		watched.begin(t, step, one, other)
		a := rapid.IntRange(0, len(all)-1).Draw(t, "array")
		n := all[a].In * all[a].Out
		g := drawNumbers(seed, step, n)
		kept := drawKept(t, n)
		gKept, delta := make([]float32, len(kept)), make([]float32, len(kept))
		for k, i := range kept {
			gKept[k] = g[i]
		}
		masks.UpdateAt(other, a, kept, gKept, delta)
		for k, i := range kept {
			if want := one.Update(a, int(i), g[i]); math.Float32bits(delta[k]) != math.Float32bits(want) {
				t.Fatalf("step %d: Δw of synapse %d is %v by UpdateAt, %v by Update", step, i, delta[k], want)
			}
			checkProportional(t, one, a, int(i), g[i])
			checkSparse(t, one, a, int(i), g[i])
		}
		after, err := remembered(one, n)
		if err != nil {
			t.Fatal(err)
		}
		for place, bits := range after {
			if before, ok := sizes[n][place]; ok {
				onlyOf(t, place, kept, before, bits)
			}
		}
		begun := func() masks.Optimizer {
			o := new()
			watched.begin(t, step, o)
			return o
		}
		checkSpan(t, begun, g, a)
		checkMemories(t, begun(), g, a)
	}
	checkDeviceForm(t, one, all)
}

// drawKept draws some of n synapses, ascending.
func drawKept(t *rapid.T, n int) (kept []int32) {
	share := rapid.IntRange(1, 4).Draw(t, "one in")
	first := rapid.IntRange(0, share-1).Draw(t, "first")
	for i := first; i < n; i += share {
		kept = append(kept, int32(i))
	}
	return kept
}

// onlyOf fails if the memory of a synapse that was not kept changed.
func onlyOf(t *rapid.T, place string, kept []int32, before, after []uint64) {
	for i := range after {
		if len(kept) > 0 && int(kept[0]) == i {
			kept = kept[1:]
		} else if before[i] != after[i] {
			t.Fatalf("%s: the memory of synapse %d, which was masked, moved", place, i)
		}
	}
}

// checkProportional checks that Δw = Factor·g, whatever the steps before.
func checkProportional(t *rapid.T, o masks.Optimizer, array, i int, g float32) {
	if p, ok := o.(masks.Proportional); ok {
		if got, want := p.Update(array, i, g), float32(p.Factor()*g); math.Float32bits(got) != math.Float32bits(want) {
			t.Fatalf("Δw is %v, and Factor·g %v", got, want)
		}
	}
}

// checkSparse checks that Δw does not depend on the gradient, and is 0 of a synapse that is not
// said to move.
func checkSparse(t *rapid.T, o masks.Optimizer, array, i int, g float32) {
	s, ok := o.(masks.Sparse)
	if !ok {
		return
	}
	delta := s.Update(array, i, g)
	if other := s.Update(array, i, -g-1); math.Float32bits(delta) != math.Float32bits(other) {
		t.Fatalf("Δw is %v or %v, depending on the gradient", delta, other)
	}
	if len(s.Moved(array, i, i+1, nil)) == 0 && delta != 0 {
		t.Fatalf("synapse %d is not among those that move, and Δw is %v", i, delta)
	}
}

// checkSpan checks that UpdateSpan equals Update of each synapse. begun makes an optimizer
// that has begun a step.
func checkSpan(t *rapid.T, begun func() masks.Optimizer, g []float32, array int) {
	spans, singles := begun(), begun()
	lo := rapid.IntRange(0, len(g)-1).Draw(t, "from")
	delta := make([]float32, len(g)-lo)
	masks.UpdateSpan(spans, array, lo, g[lo:], delta)
	for i, d := range delta {
		if want := singles.Update(array, lo+i, g[lo+i]); math.Float32bits(d) != math.Float32bits(want) {
			t.Fatalf("Δw of synapse %d is %v by UpdateSpan, %v by Update", lo+i, d, want)
		}
	}
}

// checkMemories checks that memories are all that an optimizer remembers of the synapses of an array:
// if they are put back, it has seen none of their gradients.
func checkMemories(t *rapid.T, o masks.Optimizer, g []float32, array int) {
	r, ok := o.(masks.Remembering)
	if !ok {
		return
	}
	before, err := remembered(o, len(g))
	if err != nil {
		t.Fatal(err)
	}
	var copies [][]float32
	for _, arrays := range r.Memories() {
		copies = append(copies, slices.Clone(arrays[array]))
	}
	masks.UpdateSpan(o, array, 0, g, make([]float32, len(g)))
	for n, arrays := range r.Memories() {
		copy(arrays[array], copies[n])
	}
	after, err := remembered(o, len(g))
	if err != nil {
		t.Fatal(err)
	}
	for place, bits := range before {
		if !slices.Equal(bits, after[place]) {
			t.Fatalf("%s is remembered of synapses, and not among the memories", place)
		}
	}
}

// checkDeviceForm checks that kernels have the formula, and that there is a copy of all
// that they remember.
func checkDeviceForm(t *rapid.T, o masks.Optimizer, all []*masks.Synapses) {
	d, ok := o.(masks.DeviceOptimizer)
	if !ok {
		return
	}
	form, memory := d.DeviceForm(), d.Memories()
	if form.Kind > masks.ByAdam {
		t.Fatalf("kernels know no optimizer number %d", form.Kind)
	}
	if len(memory) != int(form.Kind) {
		t.Fatalf("kernels remember %d numbers of a synapse, the host %d", form.Kind, len(memory))
	}
	for _, arrays := range memory {
		for a, s := range all {
			if len(arrays) != len(all) || len(arrays[a]) != s.In*s.Out {
				t.Fatal("the host's copy of the kernels' memory is not an array for each array of synapses")
			}
		}
	}
}
