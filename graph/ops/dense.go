package graph

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/blas"
)

// dense is y = f(x·W + b): x [B,I], W [I,O], b [O] if any, y [B,O].
//
// With unit set, unit 0 of y is clamped to 1 after f, so that its outgoing
// synapses are the biases of the next layer. The error that reaches it is
// passed on as if it had not been clamped, with f' taken at the output 1: the
// convention of van Rossum & Pache 2024, under which the (inconsequential)
// synapses onto that unit change and are paid for like all others.
type dense struct {
	activation Activation
	bias       bool
	unit       bool
	needsX     bool      // whether ∂loss/∂x is wanted: false for the first layer
	filter     Filter    // of dz; nil keeps all
	rows       int       // of a presentation in x and y, as of a convolution; 0: one
	feedback   *feedback // what the layer below is sent instead of dz; nil: dz
}

var _ differentiable = (*dense)(nil)

// feedback is ∂loss/∂y of a layer's units, for the layer below to be sent
// without the factor f'(z): the convention of Li & van Rossum 2020, whose
// hidden units see W·(y-t) of sigmoid outputs. It is not the gradient.
type feedback struct{ error *G.Node }

// node adds f(x·W + b) to the graph of x; b may be nil. An activation whose
// derivative needs z gets a node of its own, so that z = x·W + b stays at hand.
func (d dense) node(x, w, b *G.Node) (*G.Node, error) {
	d.bias = b != nil
	split := !d.activation.FromOutput()
	if split && d.unit {
		return nil, fmt.Errorf("graph: bias units need an activation whose derivative follows from its output, which %s's does not", Activations.Name(d.activation))
	}
	f := d.activation
	if split {
		d.activation = Linear{}
	}
	inputs := []*G.Node{x, w}
	if d.bias {
		inputs = append(inputs, b)
	}
	y, err := apply(&d, inputs...)
	if err != nil || !split {
		return y, err
	}
	return apply(activate{f, d.feedback}, y)
}

func (d *dense) String() string {
	return fmt.Sprintf("Dense{%s, bias %t, unit %t}", Activations.Name(d.activation), d.bias, d.unit)
}

func (d *dense) ranks() ([]int, int) {
	if d.bias {
		return []int{2, 2, 1}, 2
	}
	return []int{2, 2}, 2
}

func (d *dense) shape(in []tensor.Shape) (tensor.Shape, error) {
	x, w := in[0], in[1]
	if x[1] != w[0] || d.bias && in[2][0] != w[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want x [B,I], W [I,O], b [O]", d, in)
	}
	return tensor.Shape{x[0], w[1]}, nil
}

func (d *dense) evaluate(y []float64, in []array) {
	x, w := in[0], in[1]
	B, I, O := x.shape[0], x.shape[1], w.shape[1]
	for b := range B {
		for o := range O {
			z := 0.0
			for i := range I {
				z += x.data[b*I+i] * w.data[i*O+o]
			}
			if d.bias {
				z += in[2].data[o]
			}
			y[b*O+o] = d.activation.F(z)
		}
		if d.unit {
			y[b*O] = 1
		}
	}
}

func (d *dense) compile(c *compiler, y []float32, in []operand) func() {
	x, w := in[0], in[1]
	B, I, O := x.shape[0], x.shape[1], w.shape[1]
	var bias []float32
	if d.bias {
		bias = in[2].data
	}
	if x.sight != nil {
		return d.convolve(c, x.sight, y, w.data, bias)
	}
	if B == 1 {
		return c.singleForward(y, x.data, w.data, bias, func(lo, hi int) { d.respond(y, lo, hi, lo == 0) })
	}
	p := blas.Product{Library: c.library, Pool: c.pool, M: B, N: O, K: I, A: x.data, B: w.data, C: y}
	if d.bias {
		p.Accumulate = true
		p.Before = func(r0, r1, c0, c1 int) {
			for r := r0; r < r1; r++ {
				copy(y[r*O+c0:r*O+c1], bias[c0:c1])
			}
		}
	}
	p.After = func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			d.respond(y, r*O+c0, r*O+c1, c0 == 0)
		}
	}
	return p.Compile()
}

func (d *dense) lower(l *lowering, y deviceOperand, in []deviceOperand) error {
	l.multiply(y, in[0], false, in[1], false)
	var bias *deviceOperand
	if d.bias {
		bias = &in[2]
	}
	return l.respond(d, d.activation, y, y, bias, d.unit)
}

// respond replaces the summed inputs y[lo:hi], of units of one presentation, by
// the units' activity; first says that unit 0 is among them.
func (d *dense) respond(y []float32, lo, hi int, first bool) {
	forward32(d.activation, y[lo:hi])
	if d.unit && first {
		y[lo] = 1
	}
}

func (d *dense) wrt() []bool {
	if d.bias {
		return []bool{d.needsX, true, true}
	}
	return []bool{d.needsX, true}
}

// gradients: with dz = dy ⊙ f'(z), filtered if the rule says so, dW = xᵀ·dz, dx = dz·Wᵀ, db = Σ_batch dz.
func (d *dense) gradients(in G.Nodes, y, dy *G.Node) (grads G.Nodes, err error) {
	grads = make(G.Nodes, len(in))
	dz := dy
	if _, linear := d.activation.(Linear); !linear {
		if dz, err = apply(activationError{d.activation}, dy, y); err != nil {
			return nil, err
		}
	}
	if d.filter != nil {
		if dz, err = apply(filteredError{d.filter, max(d.rows, 1)}, dz); err != nil {
			return nil, err
		}
	}
	if d.needsX {
		sent := dz
		if d.feedback != nil {
			if sent = d.feedback.error; sent == nil { // no node of the activation's own has noted it
				sent = dy
			}
		}
		if grads[0], err = apply(inputError{new(wanted)}, sent, in[1]); err != nil {
			return nil, err
		}
	}
	if grads[1], err = apply(weightGradient{}, in[0], dz); err != nil {
		return nil, err
	}
	if d.bias {
		grads[2], err = apply(biasGradient{}, dz)
	}
	return grads, err
}
