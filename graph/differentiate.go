package graph

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// differentiated is a model written for a batch size and, for training, with its
// backward pass.
type differentiated struct {
	*Expression
	parameters []G.ValueGrad        // for each layer the weights and, if it has them, the biases
	gradients  G.Nodes              // of the parameters
	errors     []*G.Node            // dz of each layer
	implicit   []*op.ImplicitIm2Col // of the layers whose patches are left out, else nil
}

// building guards package state that Gorgonia touches while a graph grows.
var building sync.Mutex

// build writes a model; the caller holds building.
func build(m Model, batch int, rule Backward, training bool) (*differentiated, error) {
	express := m.Build
	if clamped, ok := m.(Clamped); ok && training {
		express = clamped.BuildClamped
	}
	expression, err := express(batch, tensor.Float32, rule)
	if err != nil {
		return nil, err
	}
	d := &differentiated{Expression: expression}
	if training {
		err = d.differentiate()
	}
	return d, err
}

// arrays returns the nodes of the parameters: for each layer the weights and,
// if it has them, the biases.
func (e *Expression) arrays() (nodes G.Nodes) {
	for l := range e.W {
		nodes = append(nodes, e.W[l])
		if e.B[l] != nil {
			nodes = append(nodes, e.B[l])
		}
	}
	return nodes
}

// Differentiate adds the backward pass to an expression's graph and returns the
// nodes of the gradients ∂loss/∂parameter: for each layer of the weights and, if it
// has them, the biases.
func Differentiate(e *Expression) (gradients G.Nodes, err error) {
	return backpropagate(e.Graph, e.Loss, e.arrays())
}

// differentiate adds the backward pass.
func (d *differentiated) differentiate() error {
	gradients, err := Differentiate(d.Expression)
	if err != nil {
		return err
	}
	d.gradients = gradients
	for i, n := range d.arrays() {
		d.parameters = append(d.parameters, &parameter{node: n, gradient: gradients[i]})
		if n.Dims() == 2 {
			_, dz := factorsOf(d.Graph, gradients[i])
			d.errors = append(d.errors, dz)
		}
	}
	return nil
}

// factorsOf returns x and dz of a weight gradient dW = xᵀ·dz, or nil for any
// other: the sum of several, where a weight is used more than once.
func factorsOf(g *G.ExprGraph, gradient *G.Node) (x, dz *G.Node) {
	if op.FormulaOf(gradient) != (ops.WeightGradient{}) {
		return nil, nil
	}
	children := op.Children(g, gradient)
	return children[0], children[1]
}

// backpropagate is gorgonia.Grad with a constant of the graph's own: Grad's is
// a package variable, which graphs on different goroutines would share.
func backpropagate(g *G.ExprGraph, loss *G.Node, inputs G.Nodes) (G.Nodes, error) {
	one := any(float32(1))
	if loss.Dtype() == tensor.Float64 {
		one = float64(1)
	}
	seed := g.AddNode(G.NewConstant(one, G.WithName("∂loss/∂loss")))
	gradients, err := G.Backpropagate(G.Nodes{loss}, G.Nodes{seed}, inputs)
	if err != nil {
		return nil, fmt.Errorf("graph: differentiating: %w", err)
	}
	return gradients, nil
}
