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
	for step := range uint64(5) {
		Differentiate(parameters, step)
		u.Present(Labelled(step))
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		for l, c := range u.Changes() {
			total[l].Add(c)
		}
	}
	return Weights(parameters), total
}
