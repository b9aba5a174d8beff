package ops_test

import (
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/op/optest"
	"ergon/graph/ops"
	"ergon/internal/schema/schematest"
)

// Loops of formulas that are cut into chunks.
func TestChunks(t *testing.T) {
	large := tensor.Shape{5000, 11} // more than a chunk of any
	optest.Chunks(t, ops.BiasGradient{}, large)
	optest.Chunks(t, ops.BiasGradient{}, tensor.Shape{400, 700})
	for _, v := range schematest.Variants(t, activation.Kinds) {
		optest.Chunks(t, ops.ActivationError{Activation: v.Value}, large, large)
		optest.Chunks(t, ops.Activate{Activation: v.Value}, large)
	}
}
