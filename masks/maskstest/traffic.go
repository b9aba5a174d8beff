package maskstest

import (
	"math"
	"reflect"
	"slices"
	"unsafe"

	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
)

// What a kind says of its memory traffic is compared with what it does. A number of its
// memory is read where a change of it makes a difference, to the result or to what
// becomes of the number itself, and written where it is another afterwards. Nothing is
// known of the kind's formula.

// trafficNet has arrays of 12 and 6 synapses, and no other numbers that a kind could keep
// as many of.
var trafficNet = masks.Network{Layers: []masks.Layer{{In: 4, Out: 3}, {In: 3, Out: 2}}, Classes: Classes}

// words returns the float32 that x remembers, n of each kind, which is the size of an
// array of synapses.
func words(x any, n int) (all [][]float32) {
	_ = walk(x, func(path string, v reflect.Value) {
		if v.Kind() == reflect.Slice && v.Len() == n && !isScratch(path) && v.Type().Elem().Kind() == reflect.Float32 {
			all = append(all, unsafe.Slice((*float32)(v.UnsafePointer()), n))
		}
	})
	return all
}

// reads reports whether a number is read by act, which starts from the same state each
// time it is called and returns all numbers that it leaves, the number itself among them
// at place at. set changes the number before; near are numbers that it may be compared
// with.
func reads(number float32, near []float32, at int, act func(set *float32) []float32) bool {
	plain := act(nil)
	kept, constant := plain[at] == number, true
	others := []float32{number + 1, -number - 3, number + 1e-3, 1e6, 0.5}
	for _, x := range near {
		others = append(others, x+1e-5)
	}
	for _, x := range others {
		changed := act(&x)
		kept = kept && math.Float32bits(changed[at]) == math.Float32bits(x)
		constant = constant && math.Float32bits(changed[at]) == math.Float32bits(plain[at])
		changed[at] = plain[at]
		if !SameBits([][]float32{changed}, [][]float32{plain}) {
			return true
		}
	}
	return !kept && !constant
}

// checkOptimizerTraffic checks what an optimizer says of a step in which masks keep a
// synapse: that it reads and writes so many numbers. What is written and never read it
// need not remember.
func checkOptimizerTraffic(t *rapid.T, kind schema.Kind) {
	rule := drawRuleFor(t, "optimizer", kind, trafficNet)
	seed := rapid.Uint64().Draw(t, "seed")
	o, err := rule.NewOptimizer(trafficNet, seed)
	if err != nil {
		t.Fatal(err)
	}
	accounted, ok := o.(masks.Accounted)
	if !ok {
		return // the updates of a run with it have no price
	}
	const n = 12
	w := newWatched(t, trafficNet, seed)
	memory, constant := words(o, n), words(o, n)
	for k := range constant {
		constant[k] = slices.Clone(constant[k])
	}
	for step := range uint64(3) { // so that something is remembered
		w.begin(t, step, o)
		for i, g := range drawNumbers(seed, step, n) {
			o.Update(0, i, g+0.25)
		}
	}
	for k := len(memory) - 1; k >= 0; k-- { // what no step changes is a property of the devices
		if slices.Equal(memory[k], constant[k]) {
			memory = slices.Delete(memory, k, k+1)
		}
	}
	i := rapid.IntRange(0, n-1).Draw(t, "synapse")
	var before []float32
	for _, m := range memory {
		before = append(before, m[i])
	}
	act := func(place int, set *float32) []float32 {
		for k, m := range memory {
			m[i] = before[k]
		}
		if set != nil {
			memory[place][i] = *set
		}
		delta := o.Update(0, i, 0.7)
		after := []float32{}
		for _, m := range memory {
			after = append(after, m[i])
		}
		return append(after, delta)
	}
	var found masks.Traffic
	for place, x := range before {
		if reads(x, nil, place, func(set *float32) []float32 { return act(place, set) }) {
			found.Reads++
			if act(place, nil)[place] != x {
				found.Writes++
			}
		}
	}
	for _, kept := range []int64{0, 1, 7} {
		want := masks.Traffic{Reads: kept * found.Reads, Writes: kept * found.Writes}
		if got := accounted.Traffic(masks.Usage{Synapses: n, Kept: kept}); got != want {
			t.Fatalf("of %d synapses kept it says %+v, and does %+v", kept, got, want)
		}
	}
	if _, ok := o.(masks.Proportional); ok && found != (masks.Traffic{}) {
		t.Fatalf("is Proportional, and has memory: %+v", found)
	}
}

// checkCacheTraffic checks what a cache says of a step: numbers of the weights and of its
// memory that it reads and writes. A number is read if it makes a difference in this step,
// or would if all else were at rest: who has the largest of many need not look at the
// others, but cannot know. Where it leaves the weights alone and the permanent
// parts always equal them, it may say that there is nothing to remember.
func checkCacheTraffic(t *rapid.T, kind schema.Kind) {
	rule := drawRuleFor(t, "cache", kind, trafficNet)
	seed := rapid.Uint64().Draw(t, "seed")
	steps := rapid.IntRange(1, 3).Draw(t, "steps")
	start := func() (*cacheTrial, bool) {
		c := &cacheTrial{all: masks.Arrays(trafficNet.Layers), seed: seed}
		for a, s := range c.all {
			s.Weights = drawNumbers(seed, uint64(100+a), s.In*s.Out)
			for i := range s.Weights {
				s.Weights[i] += 1. / 3 // so that no difference is exact
			}
		}
		if c.memory = rule.Cache.New(c.all, nil); c.memory == nil {
			return nil, false
		}
		c.memory.Start()
		for step := range steps - 1 {
			c.update(step)
			c.memory.Consolidate(2, c.changes())
		}
		c.update(steps - 1)
		return c, true
	}
	c, ok := start()
	if !ok {
		return
	}
	accounted, ok := c.memory.(masks.Accounted)
	if !ok {
		return
	}
	before := c.numbers()
	layerOf, redundant := c.layers(), true
	act := func(at int, set *float32, atRest bool) []float32 {
		c, _ := start()
		for a, s := range c.all {
			if atRest {
				copy(s.Weights, c.memory.Permanent()[a])
			}
		}
		if set != nil {
			*c.number(at) = *set
		}
		var given [][]float32
		for _, s := range c.all {
			given = append(given, slices.Clone(s.Weights))
		}
		c.memory.Consolidate(2, c.changes())
		for a, s := range c.all {
			redundant = redundant && SameBits([][]float32{s.Weights, s.Weights}, [][]float32{given[a], c.memory.Permanent()[a]})
		}
		return c.numbers()
	}
	found, plain := make([]masks.Traffic, len(trafficNet.Layers)), act(0, nil, false)
	resting, _ := start()
	for a, s := range resting.all {
		copy(s.Weights, resting.memory.Permanent()[a])
	}
	rest := resting.numbers()
	for at, x := range before {
		if reads(x, c.same(at), at, func(set *float32) []float32 { return act(at, set, false) }) ||
			reads(rest[at], resting.same(at), at, func(set *float32) []float32 { return act(at, set, true) }) {
			found[layerOf[at]].Reads++
		}
		if plain[at] != x {
			found[layerOf[at]].Writes++
		}
	}
	c.memory.Consolidate(2, c.changes())
	for l, want := range found {
		size := int64(trafficNet.Layers[l].In * trafficNet.Layers[l].Out)
		got := accounted.Traffic(masks.Usage{Layer: l, Synapses: size, Cached: c.memory.Consolidations()[l]})
		if allowed := got == want || redundant && got == (masks.Traffic{}); !allowed {
			t.Fatalf("layer %d: it says %+v, and does %+v", l+1, got, want)
		}
	}
}

// cacheTrial is a cache with the network that it is for.
type cacheTrial struct {
	all    []*masks.Synapses
	memory masks.Memory
	seed   uint64
}

// update changes a third of the weights, by enough for no change to vanish in rounding.
func (c *cacheTrial) update(step int) {
	for a, s := range c.all {
		for i, x := range drawNumbers(c.seed, uint64(1000*step+a), len(s.Weights)) {
			if i%3 == step%3 {
				s.Weights[i] += float32(math.Copysign(0.25, float64(x)))
			}
		}
	}
}

// changes are those of some update.
func (c *cacheTrial) changes() []masks.Change {
	changes := make([]masks.Change, len(trafficNet.Layers))
	for l := range changes {
		changes[l] = masks.Change{M0: 1, M1: 0.25, Stored: 1}
	}
	return changes
}

// arrays are the weights and what is remembered, array by array.
func (c *cacheTrial) arrays() (all [][]float32, layers []int) {
	for l, s := range c.all {
		for _, m := range append([][]float32{s.Weights}, words(c.memory, len(s.Weights))...) {
			all, layers = append(all, m), append(layers, l)
		}
	}
	return all, layers
}

// numbers returns copies of them, as one list.
func (c *cacheTrial) numbers() []float32 {
	all, _ := c.arrays()
	return slices.Concat(all...)
}

// layers returns the layer of each number.
func (c *cacheTrial) layers() (of []int) {
	all, layers := c.arrays()
	for k, m := range all {
		of = append(of, slices.Repeat(layers[k:k+1], len(m))...)
	}
	return of
}

// same returns all numbers of the synapse to which number at belongs.
func (c *cacheTrial) same(at int) (numbers []float32) {
	all, layers := c.arrays()
	for k, m := range all {
		if at < len(m) {
			for other, l := range layers {
				if l == layers[k] {
					numbers = append(numbers, all[other][at])
				}
			}
			return numbers
		}
		at -= len(m)
	}
	return numbers
}

// number returns number at of the list.
func (c *cacheTrial) number(at int) *float32 {
	all, _ := c.arrays()
	for _, m := range all {
		if at < len(m) {
			return &m[at]
		}
		at -= len(m)
	}
	panic("maskstest: there is no such number")
}
