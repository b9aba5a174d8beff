package maskstest

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
)

// Kinds checks that every registered kind of every stage keeps its contract: what
// masks keep, what the capabilities of a kind say of it, what it remembers.
func Kinds(t *testing.T) {
	for _, stage := range Stages() {
		for _, kind := range stage.Kinds {
			t.Run(stage.Key+" "+kind.Name, func(t *testing.T) { checkKind(t, stage.Key, kind) })
		}
	}
}

// Kind checks one kind of a stage: its contract, and that what make returns leaves the
// bits of the reference under it. It is for kinds that are registered elsewhere than in
// masks/rules; the test imports masks/rules for the other stages.
func Kind(t *testing.T, stage, name string, make New) {
	for _, kind := range kindsOf(stage) {
		if kind.Name == name {
			t.Run("contract", func(t *testing.T) { checkKind(t, stage, kind) })
			t.Run("reference", func(t *testing.T) { ofKind(t, make, stage, kind) })
			return
		}
	}
	t.Fatalf("%s has no kind %s", stage, name)
}

func checkKind(t *testing.T, stage string, kind schema.Kind) {
	checks := map[string]func(t *rapid.T, kind schema.Kind){
		"gate": checkGate, "error": checkError, "mask": checkMask, "clip": checkClip,
		"optimizer": checkOptimizer, "cache": checkCache, "project": checkProject, "synapse": checkSynapse,
	}
	checkSome(t, func(t *rapid.T) { checks[stage](t, kind) })
	checkLocality(t, stage, kind)
	if of := subjects[stage]; of != nil {
		checkSome(t, func(t *rapid.T) {
			net, rule := drawOf(t, stage, kind)
			checkRemembers(t, specOf(&rule, stage), func(seed uint64) subject { return of(t, &rule, net, seed) })
		})
	}
	if check := map[string]func(t *rapid.T, kind schema.Kind){"optimizer": checkOptimizerTraffic, "cache": checkCacheTraffic}[stage]; check != nil {
		checkSome(t, func(t *rapid.T) { check(t, kind) })
	}
}

// drawOf draws a network and a rule that has a kind in a stage.
func drawOf(t *rapid.T, stage string, kind schema.Kind) (net masks.Network, rule masks.Rule) {
	for range 1000 {
		net = DrawNetwork(t)
		tree := map[string]any{stage: drawSettings(t, kind, net)}
		if rule, err := Decode(tree); err == nil && fits(rule, net) {
			return net, rule
		}
	}
	t.Fatal(panicRefused)
	return net, rule
}

// drawRuleFor draws a rule for a network that has a kind in a stage.
func drawRuleFor(t *rapid.T, stage string, kind schema.Kind, net masks.Network) (rule masks.Rule) {
	for range 1000 {
		tree := map[string]any{stage: drawSettings(t, kind, net)}
		if rule, err := Decode(tree); err == nil && fits(rule, net) {
			return rule
		}
	}
	t.Fatal(panicRefused)
	return rule
}

// plain reports a memory that is not plain data.
func plain(t *rapid.T, x any) {
	if _, err := remembered(x, -1); err != nil {
		t.Fatalf("a checkpoint cannot carry it: %v", err)
	}
}

// drawNumbers draws n numbers of all sizes, some equal, some 0.
func drawNumbers(seed, of uint64, n int) []float32 {
	stream, numbers := philox.New(seed, "test/numbers"), make([]float32, n)
	for i := range numbers {
		index := uint64(i)
		if numbers[i] = float32(math.Pow(10, 6*stream.Float64(of, index)-5) * stream.Normal(of, index)); stream.Uint32(of+1<<40, index)%4 == 0 {
			numbers[i] = float32(int(numbers[i]))
		}
	}
	return numbers
}

// checkGate: a gate that is always open opens, and looking changes nothing.
func checkGate(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "gate", kind)
	outputs := net.Layers[len(net.Layers)-1].Out
	seed := rapid.Uint64().Draw(t, "seed")
	y, target := drawNumbers(seed, 0, outputs), make([]float32, outputs)
	target[int(seed%uint64(outputs))] = 1
	before := [][]float32{slices.Clone(y), slices.Clone(target)}
	var open bool
	if err := remembersNothing(rule.Gate, func() { open = rule.Gate.Opens(y, target) }); err != nil {
		t.Fatal(err)
	}
	if again := rule.Gate.Opens(y, target); again != open || rule.Gate.Always() && !open {
		t.Fatalf("opens: %t, then %t; always: %t", open, again, rule.Gate.Always())
	}
	if !SameBits(before, [][]float32{y, target}) {
		t.Fatal("a gate has changed what it looked at")
	}
}

// checkError: a filter sets errors to zero or leaves them, always the same ones.
func checkError(t *rapid.T, kind schema.Kind) {
	_, rule := drawOf(t, "error", kind)
	units, batch := rapid.IntRange(1, 20).Draw(t, "units"), rapid.IntRange(1, 3).Draw(t, "batch")
	given := drawNumbers(rapid.Uint64().Draw(t, "seed"), 0, units*batch)
	kept, again := slices.Clone(given), slices.Clone(given)
	if err := remembersNothing(rule.Error, func() { rule.Error.Filter(kept, units) }); err != nil {
		t.Fatal(err)
	}
	rule.Error.Filter(again, units)
	if !SameBits([][]float32{kept}, [][]float32{again}) {
		t.Fatal("a filter has kept other errors the second time")
	}
	for i, e := range kept {
		if dropped := math.Float32bits(e) != math.Float32bits(given[i]); dropped && (e != 0 || rule.Error.KeepsAll()) {
			t.Fatalf("error %v became %v; keeps all: %t", given[i], e, rule.Error.KeepsAll())
		}
	}
}

// checkClip: there is a limit for each layer, and it lets something be learned.
func checkClip(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "clip", kind)
	var limits masks.Limits
	var err error
	if err := remembersNothing(rule.Clip, func() { limits, err = rule.Clip.Limits(net) }); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(limits.Value) != len(net.Layers) || slices.ContainsFunc(limits.Value, func(v float32) bool { return !(v > 0) }) || !(limits.Norm > 0) {
		t.Fatalf("limits %+v for %d layers", limits, len(net.Layers))
	}
}

// checkProject: a projection has a length to put weights back to, and looking for it changes
// nothing.
func checkProject(t *rapid.T, kind schema.Kind) {
	_, rule := drawOf(t, "project", kind)
	var target *masks.Target
	if err := remembersNothing(rule.Project, func() { target = rule.Project.Target() }); err != nil {
		t.Fatal(err)
	}
	if target != nil && !(target.Norm > 0) {
		t.Fatalf("weights of length %v", target.Norm)
	}
}

// checkCache: time alone, without an update, leaves permanent weights as they are
// or moves them to the weights.
func checkCache(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "cache", kind)
	all := masks.Arrays(net.Layers)
	m := rule.Cache.New(all, nil)
	if m == nil {
		return
	}
	for a, s := range all {
		s.Weights = drawNumbers(1, uint64(a), s.In*s.Out)
	}
	m.Start()
	if rule.Cache.Price(masks.Consolidation{}) != 0 {
		t.Fatal("nothing has a price")
	}
	for range 3 {
		var before [][]float32
		for _, s := range all {
			before = append(before, slices.Clone(s.Weights))
		}
		m.Consolidate(1, make([]masks.Change, len(net.Layers)))
		for a, permanent := range m.Permanent() {
			for i, p := range permanent {
				if w := before[a][i]; p != w {
					t.Fatalf("synapse %d of array %d, at rest at %v, became %v", i, a, w, p)
				}
			}
		}
	}
	plain(t, m)
}

// checkSynapse: after a transmission the weights are what they were.
func checkSynapse(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "synapse", kind)
	transmission, err := rule.NewTransmission(net, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	if transmission == nil {
		return
	}
	var before, weights [][]float32
	for a, s := range masks.Arrays(net.Layers) {
		w := drawNumbers(1, uint64(a), s.In*s.Out)
		before, weights = append(before, slices.Clone(w)), append(weights, w)
	}
	var sent [][]float32
	for step := range uint64(2) {
		transmission.Transmit(weights, step)
		sent = append(sent, slices.Concat(weights...))
		transmission.Restore(weights)
		if !SameBits(weights, before) {
			t.Fatal("other weights after a transmission")
		}
	}
	transmission.Transmit(weights, 0)
	if again := slices.Concat(weights...); !SameBits([][]float32{again}, sent[:1]) {
		t.Fatal("the same step transmitted something else the second time")
	}
	transmission.Restore(weights)
	plain(t, transmission)
}
