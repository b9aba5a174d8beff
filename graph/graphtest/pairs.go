package graphtest

import (
	"testing"

	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/internal/schema/schematest"
)

// Pair is an activation and a loss that a network is tested with.
type Pair struct {
	Name       string // of a subtest, such as relu/mse
	Activation activation.Activation
	Loss       loss.Loss
	Outputs    int // suits the loss
}

// Pairs crosses the kinds of activation and loss at their defaults. A kind with one of
// its settings changed is beside the first kind of the other sort only.
func Pairs(t testing.TB) (all []Pair) {
	t.Helper()
	responses, costs := schematest.Variants(t, activation.Kinds), schematest.Variants(t, loss.Kinds)
	for i, response := range responses {
		for j, cost := range costs {
			if (response.IsDefault() || j == 0) && (cost.IsDefault() || i == 0) {
				all = append(all, Pair{response.Name + "/" + cost.Name, response.Value, cost.Value, Outputs(t, cost.Value)})
			}
		}
	}
	return all
}

// Outputs returns a number of outputs that suits a loss: 4, or the first from 1 on.
func Outputs(t testing.TB, l loss.Loss) int {
	t.Helper()
	for _, n := range []int{outputs, 1, 2, 3, 5, 6, 7, 8} {
		if loss.CheckOutputs(l, n) == nil {
			return n
		}
	}
	t.Fatalf("%s suits no number of outputs up to 8", loss.Kinds.Name(l))
	return 0
}
