package ops

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/blas"
)

// Dense is y = f(x·W + b): x [B,I], W [I,O], b [O] if any, y [B,O].
//
// If Unit is set, unit 0 of y is clamped to 1 after f: its outgoing synapses are the
// biases of the next layer. Its error is passed on as if it had not been clamped, with f'
// taken at the output 1. That is the convention of van Rossum & Pache 2024; the synapses
// onto the unit have no effect, and change and are paid for like all others.
type Dense struct {
	Activation activation.Activation
	Unit       bool      // clamp unit 0
	NeedsX     bool      // ∂loss/∂x is needed; not in the first layer
	Filter     Filter    // of dz; nil keeps all errors
	Rows       int       // that a presentation has in x and y: a convolution's positions; 0 is one
	Feedback   *Feedback // what the layer below is sent instead of dz; nil: dz
	bias       bool      // there is a b
}

var _ op.Differentiable = (*Dense)(nil)

// Feedback is the error ∂loss/∂y of a layer's units. The layer below is sent it without
// the factor f'(z): the convention of Li & van Rossum 2020, whose hidden units see
// W·(y-t) of sigmoid outputs. What learns from it does not follow the gradient.
type Feedback struct{ error *G.Node }

// Node adds f(x·W + b) to the graph of x; b may be nil. An activation whose
// derivative needs z gets its own node, so that z = x·W + b is kept.
func (d Dense) Node(x, w, b *G.Node) (*G.Node, error) {
	d.bias = b != nil
	split := !d.Activation.FromOutput()
	if split && d.Unit {
		return nil, fmt.Errorf("graph: bias units need an activation whose derivative follows from its output, which %s's does not", activation.Kinds.Name(d.Activation))
	}
	f := d.Activation
	if split {
		d.Activation = activation.Linear{}
	}
	inputs := []*G.Node{x, w}
	if d.bias {
		inputs = append(inputs, b)
	}
	y, err := op.Apply(&d, inputs...)
	if err != nil || !split {
		return y, err
	}
	return op.Apply(Activate{Activation: f, Feedback: d.Feedback}, y)
}

func (d *Dense) String() string {
	return fmt.Sprintf("Dense{%s, bias %t, unit %t}", activation.Kinds.Name(d.Activation), d.bias, d.Unit)
}

// Ranks implements op.Formula.
func (d *Dense) Ranks() ([]int, int) {
	if d.bias {
		return []int{2, 2, 1}, 2
	}
	return []int{2, 2}, 2
}

// Shape implements op.Formula.
func (d *Dense) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, w := in[0], in[1]
	if x[1] != w[0] || d.bias && in[2][0] != w[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want x [B,I], W [I,O], b [O]", d, in)
	}
	return tensor.Shape{x[0], w[1]}, nil
}

// Evaluate implements op.Formula.
func (d *Dense) Evaluate(y []float64, in []op.Array) {
	x, w := in[0], in[1]
	B, I, O := x.Shape[0], x.Shape[1], w.Shape[1]
	for b := range B {
		for o := range O {
			z := 0.0
			for i := range I {
				z += x.Data[b*I+i] * w.Data[i*O+o]
			}
			if d.bias {
				z += in[2].Data[o]
			}
			y[b*O+o] = d.Activation.F(z)
		}
		if d.Unit {
			y[b*O] = 1
		}
	}
}

// Compile implements op.Formula.
func (d *Dense) Compile(c *op.Compiler, y []float32, in []op.Operand) func() {
	x, w := in[0], in[1]
	B, I, O := x.Shape[0], x.Shape[1], w.Shape[1]
	var bias []float32
	if d.bias {
		bias = in[2].Data
	}
	if x.Implicit != nil {
		return d.convolve(c, x.Implicit, y, w.Data, bias)
	}
	if B == 1 {
		return c.GEMV(y, x.Data, w.Data, bias, func(lo, hi int) { d.respond(y, lo, hi, lo == 0) })
	}
	p := blas.Product{Library: c.Library, Pool: c.Pool, M: B, N: O, K: I, A: x.Data, B: w.Data, C: y, Bias: bias}
	p.Epilogue = func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			d.respond(y, r*O+c0, r*O+c1, c0 == 0)
		}
	}
	return p.Compile()
}

// Lower implements device.Lowered.
func (d *Dense) Lower(l *device.Lowering, y device.Operand, in []device.Operand) error {
	l.Multiply(y, in[0], false, in[1], false)
	var bias *device.Operand
	if d.bias {
		bias = &in[2]
	}
	return l.Respond(d, d.Activation, y, y, bias, d.Unit)
}

// respond replaces the summed inputs y[lo:hi] of units of one presentation by
// their activity; first says that unit 0 is the first of them.
func (d *Dense) respond(y []float32, lo, hi int, first bool) {
	activation.Forward(d.Activation, y[lo:hi])
	if d.Unit && first {
		y[lo] = 1
	}
}

// WRT implements op.Differentiable.
func (d *Dense) WRT() []bool {
	if d.bias {
		return []bool{d.NeedsX, true, true}
	}
	return []bool{d.NeedsX, true}
}

// Gradients implements op.Differentiable: dz = dy ⊙ f'(z), filtered if there is a filter,
// then dW = xᵀ·dz, dx = dz·Wᵀ, db = Σ_batch dz.
func (d *Dense) Gradients(in G.Nodes, y, dy *G.Node) (grads G.Nodes, err error) {
	grads = make(G.Nodes, len(in))
	dz := dy
	if _, linear := d.Activation.(activation.Linear); !linear {
		if dz, err = op.Apply(ActivationError{d.Activation}, dy, y); err != nil {
			return nil, err
		}
	}
	if d.Filter != nil {
		if dz, err = op.Apply(FilteredError{d.Filter, max(d.Rows, 1)}, dz); err != nil {
			return nil, err
		}
	}
	if d.NeedsX {
		sent := dz
		if d.Feedback != nil {
			if sent = d.Feedback.error; sent == nil { // the activation is fused, so no node has noted it
				sent = dy
			}
		}
		if grads[0], err = op.Apply(InputError{new(LiveUnits)}, sent, in[1]); err != nil {
			return nil, err
		}
	}
	if grads[1], err = op.Apply(WeightGradient{}, in[0], dz); err != nil {
		return nil, err
	}
	if d.bias {
		grads[2], err = op.Apply(BiasGradient{}, dz)
	}
	return grads, err
}
