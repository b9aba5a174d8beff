// Package op says what an op of the network graphs is: a [Formula], with its
// definition in float64 and its code for the processor. It makes nodes of a
// gorgonia.ExprGraph of formulas, and has what their code is put together from:
// loops in parts, products of a single presentation, gathered products, and
// convolutions without patch matrices.
package op

import (
	"fmt"
	"hash"
	"hash/fnv"
	"sync/atomic"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Formula is the definition of an op: the mathematics of one kind of node. A formula
// that can be differentiated is a [Differentiable] as well; one that a GPU can compute
// is a device.Lowered.
type Formula interface {
	// String names the formula with its parameters.
	fmt.Stringer
	// Ranks returns the number of dimensions of each input and of the output; 0 is a scalar.
	Ranks() (in []int, out int)
	// Shape returns the output's shape, or an error where the inputs' do not fit.
	Shape(in []tensor.Shape) (tensor.Shape, error)
	// Evaluate computes the output by its definition, in float64; out is zero
	// before. Every faster implementation is tested against it.
	Evaluate(out []float64, in []Array)
	// Compile returns a function that computes out from in each time it is
	// called, without allocating. The storage of out and in never moves; out keeps
	// what the last call wrote, and is zero before the first.
	Compile(c *Compiler, out []float32, in []Operand) func()
}

// Differentiable is a formula with a symbolic derivative.
type Differentiable interface {
	Formula
	// WRT says for which inputs Gradients returns a node.
	WRT() []bool
	// Gradients returns ∂loss/∂input for each input, given the node's output
	// and grad = ∂loss/∂output; nil where WRT is false.
	Gradients(in G.Nodes, out, grad *G.Node) (G.Nodes, error)
}

// Array is an input of [Formula.Evaluate], row-major.
type Array struct {
	Data  []float64
	Shape tensor.Shape
}

// node adapts a formula to Gorgonia: it is a gorgonia.Op and SDOp.
type node struct {
	formula Formula
	// Gorgonia merges nodes of equal hash and inputs; the serial number keeps
	// two layers of the same shape apart.
	serial uint64
}

var (
	_ G.Op   = (*node)(nil)
	_ G.SDOp = (*node)(nil)

	serial atomic.Uint64
)

// Apply adds a node that computes f of the children to their graph.
func Apply(f Formula, children ...*G.Node) (*G.Node, error) {
	return G.ApplyOp(&node{f, serial.Add(1)}, children...)
}

// String implements gorgonia.Op.
func (o *node) String() string { return o.formula.String() }

// Arity implements gorgonia.Op.
func (o *node) Arity() int { in, _ := o.formula.Ranks(); return len(in) }

// Type implements gorgonia.Op: all inputs and the output share one element type.
func (o *node) Type() hm.Type {
	element := hm.TypeVariable('a')
	typeOf := func(rank int) hm.Type {
		if rank == 0 {
			return element
		}
		return G.TensorType{Dims: rank, Of: element}
	}
	in, out := o.formula.Ranks()
	var signature []hm.Type
	for _, rank := range in {
		signature = append(signature, typeOf(rank))
	}
	return hm.NewFnType(append(signature, typeOf(out))...)
}

// InferShape implements gorgonia.Op.
func (o *node) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	shapes, err := G.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	return o.formula.Shape(shapes)
}

// Do implements gorgonia.Op by the formula's definition, in float64, rounding
// once to the element type of the inputs.
func (o *node) Do(in ...G.Value) (G.Value, error) {
	arrays := make([]Array, len(in))
	shapes := make([]tensor.Shape, len(in))
	for i, v := range in {
		arrays[i] = Array{float64s(v), v.Shape()}
		shapes[i] = v.Shape()
	}
	shape, err := o.formula.Shape(shapes)
	if err != nil {
		return nil, err
	}
	out := make([]float64, shape.TotalSize())
	o.formula.Evaluate(out, arrays)
	return valueOf(out, shape, in[0].Dtype())
}

// ReturnsPtr implements gorgonia.Op: Do returns a tensor of its own.
func (o *node) ReturnsPtr() bool { return true }

// CallsExtern implements gorgonia.Op. False also keeps Gorgonia from
// allocating an output that Do would not use.
func (o *node) CallsExtern() bool { return false }

// OverwritesInput implements gorgonia.Op: never.
func (o *node) OverwritesInput() int { return -1 }

// WriteHash implements gorgonia.Op.
func (o *node) WriteHash(h hash.Hash) { fmt.Fprintf(h, "ergon %v #%d", o.formula, o.serial) }

// Hashcode implements gorgonia.Op.
func (o *node) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// DiffWRT implements gorgonia.SDOp.
func (o *node) DiffWRT(inputs int) []bool {
	if d, ok := o.formula.(Differentiable); ok {
		return d.WRT()
	}
	return make([]bool, inputs)
}

// SymDiff implements gorgonia.SDOp.
func (o *node) SymDiff(in G.Nodes, out, grad *G.Node) (G.Nodes, error) {
	d, ok := o.formula.(Differentiable)
	if !ok {
		return nil, fmt.Errorf("graph: %v has no derivative", o.formula)
	}
	return d.Gradients(in, out, grad)
}

// SameShape is the shape rule of element-wise formulas: all inputs are of one shape,
// which is the output's.
func SameShape(f Formula, in []tensor.Shape) (tensor.Shape, error) {
	for _, s := range in[1:] {
		if !s.Eq(in[0]) {
			return nil, fmt.Errorf("graph: %v of shapes %v: they must be equal", f, in)
		}
	}
	return in[0].Clone(), nil
}
