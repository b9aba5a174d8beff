package graphtest

import (
	"math"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/internal/philox"
)

// Boltzmann machines learn in a graph of their own, whose inputs are 0 or 1. Offsets of
// centred ones are left at 0: with others, their gradients are no derivatives of the loss.

// chains are the states that a machine compares presentations with: a few, unless it sums
// over all by itself.
func chains(m graph.Generative) []float32 {
	if _, ok := m.(graph.Exact); ok {
		return nil
	}
	const few = 5
	states := make([]float32, few*m.InputWidth())
	drawBits(states, "graphtest/chains")
	return states
}

// drawBits fills x with 0 and 1.
func drawBits(x []float32, name string) {
	s := philox.New(5, name)
	for i := range x {
		x[i] = float32(s.Uint32(1, uint64(i)) >> 31)
	}
}

// buildLearning builds the graph that a model learns in, in float64.
func buildLearning(model graph.Model, batch int) (*graph.Expression, error) {
	if m, ok := model.(graph.Generative); ok {
		return m.BuildContrast(batch, len(chains(m))/m.InputWidth(), tensor.Float64)
	}
	return graph.BuildLearning(model, batch, tensor.Float64, graph.Backward{})
}

// A Boltzmann machine's loss and gradients are differences of what may be much larger: of free
// energies, and of phases, which are moments of units and at most 1. Each is rounded to float32.
const epsilon = 0x1p-24

// lossRounding is what free energies are rounded by.
func lossRounding(p *graph.Program) (largest float64) {
	if p.FreeEnergies == nil {
		return 0
	}
	for _, f := range p.FreeEnergy() {
		largest = max(largest, 4*epsilon*math.Abs(float64(f)))
	}
	return largest
}

// phaseRounding is what phases are rounded by.
func phaseRounding(p *graph.Program) float64 {
	if p.FreeEnergies == nil {
		return 0
	}
	return 4 * epsilon
}
