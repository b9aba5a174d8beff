package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// strain is x = y + u: y and x [B,n], u [B,n] the columns of the strains [B,H]
// from the first on. The strains are not differentiated: H is least in them.
type strain struct{ first int }

var _ differentiable = strain{}

func (s strain) String() string { return fmt.Sprintf("Strain{from %d}", s.first) }

func (strain) ranks() ([]int, int) { return []int{2, 2}, 2 }

func (s strain) shape(in []tensor.Shape) (tensor.Shape, error) {
	y, u := in[0], in[1]
	if y[0] != u[0] || s.first+y[1] > u[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want y [B,n], strains [B,H]", s, in)
	}
	return y.Clone(), nil
}

func (s strain) evaluate(x []float64, in []array) {
	n, H := in[0].shape[1], in[1].shape[1]
	for i, y := range in[0].data {
		x[i] = y + in[1].data[i/n*H+s.first+i%n]
	}
}

func (s strain) compile(_ *compiler, x []float32, in []operand) func() {
	y, u, B, n, H := in[0].data, in[1].data, in[0].shape[0], in[0].shape[1], in[1].shape[1]
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

func (strain) wrt() []bool { return []bool{true, false} }

func (strain) gradients(_ G.Nodes, _, dx *G.Node) (G.Nodes, error) { return G.Nodes{dx, nil}, nil }

// elasticEnergy is L = H/κ_output, mean over the batch: ½ Σ (y-t)² + ½ Σ u²/r
// with r = κ_output/κ_hidden, of outputs y and targets t [B,O] and strains u
// [B,H]. Its derivative by y is that of MSE.
type elasticEnergy struct{ ratio float64 }

var _ differentiable = elasticEnergy{}

func (f elasticEnergy) String() string { return fmt.Sprintf("ElasticEnergy{ratio %g}", f.ratio) }

func (elasticEnergy) ranks() ([]int, int) { return []int{2, 2, 2}, 0 }

func (f elasticEnergy) shape(in []tensor.Shape) (tensor.Shape, error) { return scalarOf(f, in[:2]) }

func (f elasticEnergy) evaluate(energy []float64, in []array) {
	squaredError{}.evaluate(energy, in[:2])
	strained := 0.0
	for _, u := range in[2].data {
		strained += u * u
	}
	energy[0] += strained / (2 * f.ratio * float64(in[2].shape[0]))
}

func (f elasticEnergy) compile(c *compiler, energy []float32, in []operand) func() {
	u, B := in[2].data, in[2].shape[0]
	outputs := squaredError{}.compile(c, energy, in[:2])
	return func() {
		outputs()
		energy[0] += float32(dot(u, u) / (2 * f.ratio * float64(B)))
	}
}

func (elasticEnergy) wrt() []bool { return []bool{true, false, false} }

func (elasticEnergy) gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(squaredErrorGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil, nil}, err
}
