package graph

import (
	"fmt"
	"sync"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// differentiated is a model's graph for a batch size and, for training, with its
// backward pass.
type differentiated struct {
	*Expression
	parameters []G.ValueGrad        // for each layer the weights and, if it has them, the biases
	gradients  G.Nodes              // of the parameters
	errors     []*G.Node            // dz of each layer
	implicit   []*op.ImplicitIm2Col // of each layer, nil unless its patch matrix is left out
}

// building guards package state that Gorgonia touches while a graph grows.
var building sync.Mutex

// build builds a model's graph; the caller holds building.
func build(m Model, batch int, rule Backward, training bool) (*differentiated, error) {
	write := m.Build
	if training {
		write = func(batch int, dtype tensor.Dtype, rule Backward) (*Expression, error) {
			return BuildLearning(m, batch, dtype, rule)
		}
	}
	expression, err := write(batch, tensor.Float32, rule)
	if err != nil {
		return nil, err
	}
	d := &differentiated{Expression: expression}
	if training {
		err = d.differentiate()
	}
	return d, err
}

// Differentiate adds the backward pass to an expression's graph and returns the
// nodes of the gradients ∂loss/∂parameter: for each layer of the weights and, if it
// has them, the biases. Graphs must not grow on several goroutines at once.
func Differentiate(e *Expression) (gradients G.Nodes, err error) {
	return backpropagate(e.Graph, e.Loss, e.arrays())
}

// differentiate adds the backward pass, and finds the errors dz in it.
func (d *differentiated) differentiate() error {
	gradients, err := Differentiate(d.Expression)
	if err != nil {
		return err
	}
	d.gradients = gradients
	for i, n := range d.arrays() {
		d.parameters = append(d.parameters, &parameter{node: n, gradient: gradients[i]})
	}
	for l := range d.W {
		var dW, db *G.Node
		if d.W[l] != nil {
			dW, gradients = gradients[0], gradients[1:]
		}
		if d.B[l] != nil {
			db, gradients = gradients[0], gradients[1:]
		}
		d.errors = append(d.errors, errorsOf(d.Graph, dW, db))
	}
	return nil
}

// errorsOf returns the errors dz of a layer with gradients dW and db: those of dW = xᵀ·dz. A
// layer that has no weights of its own, or of whose weights the gradient is a formula of
// another kind, has those that db sums up. They are nil where there are none, as of weights
// that are used twice.
func errorsOf(g *G.ExprGraph, dW, db *G.Node) *G.Node {
	if dW != nil {
		if _, dz := factorsOf(g, dW); dz != nil || op.FormulaOf(dW) == nil {
			return dz
		}
	}
	if db == nil {
		return nil
	}
	if _, ok := op.FormulaOf(db).(ops.ErrorSum); !ok {
		return nil
	}
	return op.Children(g, db)[0]
}

// factorsOf returns x and dz of a weight gradient dW = xᵀ·dz. They are nil where the
// gradient is no such product: a weight that is used twice has a sum of two.
func factorsOf(g *G.ExprGraph, gradient *G.Node) (x, dz *G.Node) {
	if op.FormulaOf(gradient) != (ops.WeightGradient{}) {
		return nil, nil
	}
	children := op.Children(g, gradient)
	return children[0], children[1]
}

// backpropagate is gorgonia.Grad with a constant 1 of the graph's own. Grad's constant
// is a package variable, which graphs on different goroutines would share.
func backpropagate(g *G.ExprGraph, cost *G.Node, inputs G.Nodes) (G.Nodes, error) {
	one := any(float32(1))
	if cost.Dtype() == tensor.Float64 {
		one = float64(1)
	}
	seed := g.AddNode(G.NewConstant(one, G.WithName("∂loss/∂loss")))
	gradients, err := G.Backpropagate(G.Nodes{cost}, G.Nodes{seed}, inputs)
	if err != nil {
		return nil, fmt.Errorf("graph: differentiating: %w", err)
	}
	return gradients, nil
}
