package quasistatic

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/loss"
	"ergon/graph/op"
)

// strain is x = y + u: y and x [B,n], u the n columns of the strains [B,H] from the first
// on. It has no derivative by the strains, at which H is least.
type strain struct{ first int }

var _ op.Differentiable = strain{}

func (s strain) String() string { return fmt.Sprintf("Strain{from %d}", s.first) }

// Ranks implements op.Formula.
func (strain) Ranks() ([]int, int) { return []int{2, 2}, 2 }

// Shape implements op.Formula.
func (s strain) Shape(in []tensor.Shape) (tensor.Shape, error) {
	y, u := in[0], in[1]
	if y[0] != u[0] || s.first+y[1] > u[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want y [B,n], strains [B,H]", s, in)
	}
	return y.Clone(), nil
}

// Evaluate implements op.Formula.
func (s strain) Evaluate(x []float64, in []op.Array) {
	n, H := in[0].Shape[1], in[1].Shape[1]
	for i, y := range in[0].Data {
		x[i] = y + in[1].Data[i/n*H+s.first+i%n]
	}
}

// Compile implements op.Formula.
func (s strain) Compile(_ *op.Compiler, x []float32, in []op.Operand) func() {
	y, u, B, n, H := in[0].Data, in[1].Data, in[0].Shape[0], in[0].Shape[1], in[1].Shape[1]
	return func() {
		for b := range B {
			addRow(x[b*n:(b+1)*n], y[b*n:(b+1)*n], u[b*H+s.first:])
		}
	}
}

// addRow is x = y + u.
func addRow(x, y, u []float32) {
	y, u = y[:len(x)], u[:len(x)]
	for i := range x {
		x[i] = y[i] + u[i]
	}
}

// WRT implements op.Differentiable.
func (strain) WRT() []bool { return []bool{true, false} }

// Gradients implements op.Differentiable.
func (strain) Gradients(_ G.Nodes, _, dx *G.Node) (G.Nodes, error) { return G.Nodes{dx, nil}, nil }

// elasticEnergy is L = H/κ_output, mean over the batch: ½ Σ (y-t)² + ½ Σ u²/r
// with r = κ_output/κ_hidden, of outputs y and targets t [B,O] and strains u
// [B,H]. Its derivative by y is that of MSE.
type elasticEnergy struct{ ratio float64 }

var _ op.Differentiable = elasticEnergy{}

func (f elasticEnergy) String() string { return fmt.Sprintf("ElasticEnergy{ratio %g}", f.ratio) }

// Ranks implements op.Formula.
func (elasticEnergy) Ranks() ([]int, int) { return []int{2, 2, 2}, 0 }

// Shape implements op.Formula.
func (f elasticEnergy) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return loss.ScalarShape(f, in[:2])
}

// Evaluate implements op.Formula.
func (f elasticEnergy) Evaluate(energy []float64, in []op.Array) {
	loss.SquaredError{}.Evaluate(energy, in[:2])
	strained := 0.0
	for _, u := range in[2].Data {
		strained += u * u
	}
	energy[0] += strained / (2 * f.ratio * float64(in[2].Shape[0]))
}

// Compile implements op.Formula.
func (f elasticEnergy) Compile(c *op.Compiler, energy []float32, in []op.Operand) func() {
	u, B := in[2].Data, in[2].Shape[0]
	outputs := loss.SquaredError{}.Compile(c, energy, in[:2])
	return func() {
		outputs()
		energy[0] += float32(dot(u, u) / (2 * f.ratio * float64(B)))
	}
}

// WRT implements op.Differentiable.
func (elasticEnergy) WRT() []bool { return []bool{true, false, false} }

// Gradients implements op.Differentiable.
func (elasticEnergy) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(loss.SquaredErrorGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil, nil}, err
}
