package maskstest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/internal/state"
	"ergon/masks"
)

// What a kind remembers is found by looking: at every number that it holds, by reflection.
// Two of a kind that were given the same memory and take the same steps must hold the same
// in the end, also what has made no difference so far. Not looked at are fields named
// scratch, and what tools of internal packages hold.

// subject is something that may remember, and a network that it is of.
type subject struct {
	part    any
	weights [][]float32
	step    func(number uint64) (result []float32)
}

// checkRemembers checks goesOn at some step.
func checkRemembers(t *rapid.T, spec any, make func(seed uint64) subject) {
	seed, first := rapid.Uint64().Draw(t, "seed"), rapid.Uint64Range(0, 3).Draw(t, "steps before")
	used := rapid.Bool().Draw(t, "used before")
	if err := goesOn(spec, func() subject { return make(seed) }, first, used); err != nil {
		t.Fatal(err)
	}
}

// goesOn reports if what is made anew, and is given the memory of another that has made
// some steps, does not go on as that does, whatever it was used for before, or, if it was
// not used, does not hold the same numbers then; and if the settings, spec, do not stay
// what they are.
func goesOn(spec any, make func() subject, first uint64, used bool) error {
	settings, err := image(spec)
	if err != nil {
		return err
	}
	a, b := make(), make()
	for number := range first {
		a.step(number)
	}
	if used {
		b.step(100)
		b.step(101)
	}
	memory, err := state.Save(a.part)
	if err != nil {
		return fmt.Errorf("%T cannot be saved: %w", a.part, err)
	}
	for i, w := range a.weights {
		copy(b.weights[i], w)
	}
	if err := memory.Restore(b.part); err != nil {
		return fmt.Errorf("%T cannot be restored: %w", b.part, err)
	}
	for number := first; number < first+3; number++ {
		if want, got := a.step(number), b.step(number); !SameBits([][]float32{want}, [][]float32{got}) {
			return fmt.Errorf("step %d after a restore is another than without; %s", number-first, notShown)
		}
	}
	switch difference, err := changed(a.part, b.part); {
	case err != nil:
		return fmt.Errorf("a checkpoint cannot carry it: %w", err)
	case difference != "" && !used: // else scratch space may hold what no step has looked at since
		return fmt.Errorf("without a restore, and after it, %s; %s", difference, notShown)
	}
	after, err := image(spec)
	if err != nil {
		return err
	}
	if difference := change(settings, after); difference != "" {
		return fmt.Errorf("before and after some steps %s; settings must stay: what is remembered belongs to what New returns", difference)
	}
	return nil
}

const notShown = "what a kind remembers must be in its method State (docs/add-a-rule.md), or be computed again from what is"

// specOf returns the settings of a stage.
func specOf(rule *masks.Rule, stage string) any {
	if stage == "mask" {
		return rule.Mask[0]
	}
	return map[string]any{"optimizer": rule.Optimizer, "cache": rule.Cache, "synapse": rule.Synapse}[stage]
}

// changed returns where two of a kind differ; "" nowhere.
func changed(a, b any) (string, error) {
	want, err := image(a)
	if err != nil {
		return "", err
	}
	got, err := image(b)
	return change(want, got), err
}

// remembersNothing reports if act changes what x holds, or if x has a method State.
func remembersNothing(x any, act func()) error {
	before, err := image(x)
	if err != nil {
		return err
	}
	act()
	after, err := image(x)
	if err != nil {
		return err
	}
	difference := change(before, after)
	if _, stateful := x.(state.Stateful); difference != "" || stateful {
		return fmt.Errorf("%T remembers something, which only masks, optimizers, caches and synapses can: %s", x, difference)
	}
	return nil
}

// subjects are how to make each of the stages that may remember.
var subjects = map[string]func(t *rapid.T, rule *masks.Rule, net masks.Network, seed uint64) subject{
	"mask": maskSubject, "optimizer": optimizerSubject, "cache": cacheSubject, "synapse": synapseSubject,
}

func maskSubject(t *rapid.T, rule *masks.Rule, net masks.Network, seed uint64) subject {
	drawn, err := rule.NewMasks(net, seed)
	if err != nil {
		t.Fatal(err)
	}
	n, all := NewNetwork(net.Layers, seed), masks.Arrays(net.Layers)
	batch := 1 + int(seed%3)
	return subject{drawn[len(drawn)-1], n.Weights(), func(number uint64) (result []float32) {
		step := masks.Step{Number: number, Arrays: all, Outer: batch == 1}
		if step.Presentation, err = n.Present(number, batch, true, nil); err != nil {
			t.Fatal(err)
		}
		if err := bind(all, n, false); err != nil {
			t.Fatal(err)
		}
		if err := masks.Draw(drawn, &step); err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			for i, kept := range Keeps(drawn, s) {
				if kept {
					result = append(result, float32(i))
					s.Weights[i] -= 0.1 * s.Gradient[i]
				}
			}
		}
		return result
	}}
}

func optimizerSubject(t *rapid.T, rule *masks.Rule, net masks.Network, seed uint64) subject {
	o, err := rule.NewOptimizer(net, seed)
	if err != nil {
		t.Fatal(err)
	}
	w := newWatched(t, net, seed)
	w.batch = 1 + int(seed%3) // the same each time
	return subject{o, w.network.Weights(), func(number uint64) (result []float32) {
		w.begin(t, number, o)
		for a, s := range w.all {
			g := drawNumbers(seed+uint64(a), number, s.In*s.Out)
			for i := int(number % 2); i < len(g); i += 2 { // others are masked
				delta := o.Update(a, i, g[i])
				result = append(result, delta)
				s.Weights[i] += delta
			}
		}
		return result
	}}
}

// drawWeights gives the arrays of a network weights.
func drawWeights(all []*masks.Synapses, seed uint64) (weights [][]float32) {
	for a, s := range all {
		s.Weights = drawNumbers(seed, uint64(1000+a), s.In*s.Out)
		weights = append(weights, s.Weights)
	}
	return weights
}

// presentTo lets a memory learn from a presentation.
func presentTo(t *rapid.T, m masks.FactorLearner, net masks.Network, seed, number uint64) {
	p, err := NewNetwork(net.Layers, seed).Present(number, 2, true, nil)
	if err == nil {
		err = m.Learn(&masks.Step{Number: number, Presentation: p}, -0.1)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// addTo adds an update to what a memory wants it added to, and says so in changes.
func addTo(m masks.Memory, all []*masks.Synapses, seed, number uint64, changes []masks.Change) {
	for a, s := range all {
		target := masks.TargetOf(m, s)
		for i, x := range drawNumbers(seed+uint64(a), number, len(target)) {
			target[i] += 0.1 * x
		}
		changes[s.Layer].Add(masks.Change{M0: 1, M1: 0.5, Stored: 1})
	}
}

func cacheSubject(t *rapid.T, rule *masks.Rule, net masks.Network, seed uint64) subject {
	all := masks.Arrays(net.Layers)
	m, weights := rule.NewMemory(all, seed, nil, false), drawWeights(all, seed)
	if m == nil {
		return subject{nil, weights, func(uint64) []float32 { return nil }}
	}
	return subject{m, weights, func(number uint64) (result []float32) {
		changes := make([]masks.Change, len(net.Layers))
		if updates := philox.New(seed, "test/updates").Uint32(number, 0)%3 > 0; updates {
			if m.Permanent() == nil {
				m.Start()
			}
			if learner, ok := m.(masks.FactorLearner); ok {
				presentTo(t, learner, net, seed, number)
			} else {
				addTo(m, all, seed, number, changes)
			}
		}
		m.Consolidate(2, changes)
		for _, c := range m.Consolidations() {
			result = append(result, float32(c.M0), float32(c.M1), float32(c.Transient), float32(c.Decayed))
		}
		return append(result, slices.Concat(weights...)...)
	}}
}

func synapseSubject(t *rapid.T, rule *masks.Rule, net masks.Network, seed uint64) subject {
	m, err := rule.NewTransmission(net, seed, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := masks.Arrays(net.Layers)
	weights := drawWeights(all, seed)
	if m == nil {
		return subject{nil, weights, func(uint64) []float32 { return nil }}
	}
	return subject{m, weights, func(number uint64) (result []float32) {
		m.TransmitTest(weights, number) // an evaluation
		m.Restore(weights)
		m.Transmit(weights, number)
		result = append(result, slices.Concat(weights...)...)
		m.Restore(weights)
		for a, s := range all {
			s.Gradient = drawNumbers(seed+uint64(a), number, len(s.Weights))
		}
		m.Begin(all)
		for c, chunk := range masks.Chunks(all) {
			var kept []int32
			for i := chunk.Lo; i < chunk.Hi; i += 2 {
				kept = append(kept, int32(i))
			}
			m.Learn(chunk.Array, chunk.Lo, chunk.Hi, kept, c == 0)
		}
		m.End()
		return append(result, slices.Concat(m.Deviations()...)...)
	}}
}
