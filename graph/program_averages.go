package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
)

// Momentum is the weight of a batch in the running averages that a network answers by.
const Momentum = 0.1

// average are the running averages of a layer, and what a batch moves them to.
type average struct {
	of      []float32 // [2,Out], the layer's own
	moments *G.Node   // [2,Out] of the batch
	rows    float64   // that the batch has
}

// findAverages returns the averages that a run of the program is to move: those of all
// layers that are normalised by the batch.
func (p *Program) findAverages(m Model) (all []average) {
	for l, layer := range m.Layers() {
		if p.Moments != nil && p.Moments[l] != nil && op.FormulaOf(p.Moments[l]) != nil {
			all = append(all, average{layer.Averages, p.Moments[l], float64(p.Batch * layer.Rows())})
		}
	}
	return all
}

// Average moves the running averages of the model towards the batch of the last Run:
// μ ← 0.9 μ + 0.1 μ_batch, and so the variances, which are estimated without bias. It is
// for steps that are learned from; Run alone changes nothing of the model.
func (p *Program) Average() {
	for _, a := range p.averages {
		channels := len(a.of) / 2
		for i, x := range op.Float32s(a.moments.Value()) {
			moment := float64(x)
			if i >= channels {
				moment *= a.rows / (a.rows - 1)
			}
			a.of[i] = float32((1-Momentum)*float64(a.of[i]) + Momentum*moment)
		}
	}
}
