package maskstest

import (
	"testing"

	G "gorgonia.org/gorgonia"

	"ergon/masks"
)

// Learner applies a rule, step by step.
type Learner interface {
	G.Solver
	Present(p masks.Presentation)
	Changes() []masks.Change
}

// Train makes a few steps of a network whose weights are drawn from a seed. It returns
// the final weights, and the summed changes of each layer.
func Train(t testing.TB, u Learner, layers []masks.Layer, seed uint64) (weights [][]float32, total []masks.Change) {
	t.Helper()
	parameters := Parameters(layers, seed)
	total = make([]masks.Change, len(layers))
	factors := NewNetwork(layers, seed) // its presentations, which gradients know nothing of
	for step := range uint64(5) {
		Differentiate(parameters, step)
		p := Labelled(step)
		drawn, err := factors.Present(step, p.Batch, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Activity, p.Errors = drawn.Activity, drawn.Errors
		u.Present(p)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		for l, c := range u.Changes() {
			total[l].Add(c)
		}
	}
	return Weights(parameters), total
}
