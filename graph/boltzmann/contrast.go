package boltzmann

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// contrast is what a machine descends, of free energies F [R]: the mean of the first
// presentations less that of the others, its samples; or, if the others are all states there
// are, plus ln Z = ln Σ e^-F, which makes it the negative log-likelihood exactly.
type contrast struct {
	presentations int
	exact         bool
}

var _ op.Differentiable = contrast{}

func (f contrast) String() string {
	return fmt.Sprintf("Contrast{%d, exact %t}", f.presentations, f.exact)
}

// Ranks implements op.Formula.
func (contrast) Ranks() ([]int, int) { return []int{1}, 0 }

// Shape implements op.Formula.
func (f contrast) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0] <= f.presentations {
		return nil, fmt.Errorf("graph: %v of shape %v: nothing to compare presentations with", f, in[0])
	}
	return tensor.ScalarShape(), nil
}

// Evaluate implements op.Formula.
func (f contrast) Evaluate(loss []float64, in []op.Array) { loss[0] = f.value(in[0].Data) }

func (f contrast) value(F []float64) float64 {
	data, model := F[:f.presentations], F[f.presentations:]
	if f.exact {
		return mean(data) + logSum(model)
	}
	return mean(data) - mean(model)
}

// Compile implements op.Formula.
func (f contrast) Compile(_ *op.Compiler, loss []float32, in []op.Operand) func() {
	wide := make([]float64, len(in[0].Data))
	return func() {
		for r, x := range in[0].Data {
			wide[r] = float64(x)
		}
		loss[0] = float32(f.value(wide))
	}
}

// WRT implements op.Differentiable.
func (contrast) WRT() []bool { return []bool{true} }

// Gradients implements op.Differentiable.
func (f contrast) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dF, err := op.Apply(contrastGradient(f), in[0], grad)
	return G.Nodes{dF}, err
}

// contrastGradient is ∂contrast/∂F [R]: 1/B of presentations, less the weight of each state
// of the model, 1/C or e^-F/Z; times the loss's own.
type contrastGradient contrast

var _ op.Formula = contrastGradient{}

func (f contrastGradient) String() string {
	return fmt.Sprintf("ContrastGradient{%d, exact %t}", f.presentations, f.exact)
}

// Ranks implements op.Formula.
func (contrastGradient) Ranks() ([]int, int) { return []int{1, 0}, 1 }

// Shape implements op.Formula.
func (contrastGradient) Shape(in []tensor.Shape) (tensor.Shape, error) { return in[0].Clone(), nil }

// Evaluate implements op.Formula.
func (f contrastGradient) Evaluate(dF []float64, in []op.Array) {
	f.weights(dF, in[0].Data)
	for r := range dF {
		dF[r] *= in[1].Data[0]
	}
}

func (f contrastGradient) weights(dF, F []float64) {
	model := F[f.presentations:]
	for r := range dF[:f.presentations] {
		dF[r] = 1 / float64(f.presentations)
	}
	lnZ := 0.0
	if f.exact {
		lnZ = logSum(model)
	}
	for s, x := range model {
		share := 1 / float64(len(model))
		if f.exact {
			share = math.Exp(-x - lnZ)
		}
		dF[f.presentations+s] = -share
	}
}

// Compile implements op.Formula.
func (f contrastGradient) Compile(_ *op.Compiler, dF []float32, in []op.Operand) func() {
	F, weights := make([]float64, len(dF)), make([]float64, len(dF))
	return func() {
		for r, x := range in[0].Data {
			F[r] = float64(x)
		}
		f.weights(weights, F)
		for r, x := range weights {
			dF[r] = float32(x) * in[1].Data[0]
		}
	}
}

func mean(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// logSum returns ln Σ e^-F.
func logSum(F []float64) float64 {
	least := math.Inf(1)
	for _, x := range F {
		least = min(least, x)
	}
	sum := 0.0
	for _, x := range F {
		sum += math.Exp(least - x)
	}
	return math.Log(sum) - least
}
