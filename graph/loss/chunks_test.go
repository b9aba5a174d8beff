package loss_test

import (
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/op"
	"ergon/graph/op/optest"
	"ergon/internal/schema/schematest"
)

// Loops of losses, and of their gradients, that are cut into chunks.
func TestChunks(t *testing.T) {
	for _, v := range schematest.Variants(t, loss.Kinds) {
		B, O := 5000, 11 // more than a chunk of any
		if loss.CheckOutputs(v.Value, O) != nil {
			O = graphtest.Outputs(t, v.Value)
			B = 5000 * 11 / O
		}
		shapes := []tensor.Shape{{B, O}, {B, O}, tensor.ScalarShape()}
		g := G.NewGraph()
		matrix := func(name string) *G.Node { return G.NewMatrix(g, tensor.Float32, G.WithName(name), G.WithShape(B, O)) }
		output := matrix("y")
		value, err := v.Value.Node(output, matrix("t"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := graph.Differentiate(&graph.Expression{Graph: g, Loss: value, Arrays: graph.Arrays{W: G.Nodes{output}, B: G.Nodes{nil}}}); err != nil {
			t.Fatal(err)
		}
		tested := 0
		for _, n := range g.AllNodes() {
			if f := op.FormulaOf(n); f != nil {
				in, _ := f.Ranks()
				optest.Chunks(t, f, shapes[:len(in)]...)
				tested++
			}
		}
		if tested < 2 {
			t.Errorf("%s: %d formulas, want a loss and its gradient", v.Name, tested)
		}
	}
}
