package boltzmann

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/blas"
)

// hiddenFields are z = v·W + b: v [R,V], W [V,H], b [H], z [R,H].
type hiddenFields struct {
	*centring // nil: the gradients are plain
}

// centring is what the gradients of a centred machine are made of. The free energies, which
// are differentiated first, note it for the weights below.
type centring struct {
	visible, hidden *G.Node // offsets μ [1,V] and λ [1,H]
	errors          *G.Node // dz' [R+1,H] of centredErrors
}

var _ op.Differentiable = hiddenFields{}

func (f hiddenFields) String() string {
	return fmt.Sprintf("HiddenFields{centred %t}", f.centring != nil)
}

// Ranks implements op.Formula.
func (hiddenFields) Ranks() ([]int, int) { return []int{2, 2, 1}, 2 }

// Shape implements op.Formula.
func (f hiddenFields) Shape(in []tensor.Shape) (tensor.Shape, error) {
	v, w, b := in[0], in[1], in[2]
	if v[1] != w[0] || b[0] != w[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want v [R,V], W [V,H], b [H]", f, in)
	}
	return tensor.Shape{v[0], w[1]}, nil
}

// Evaluate implements op.Formula.
func (hiddenFields) Evaluate(z []float64, in []op.Array) {
	v, w, b := in[0].Data, in[1].Data, in[2].Data
	R, V, H := in[0].Shape[0], in[0].Shape[1], in[1].Shape[1]
	for r := range R {
		for j := range H {
			z[r*H+j] = b[j]
			for i := range V {
				z[r*H+j] += v[r*V+i] * w[i*H+j]
			}
		}
	}
}

// Compile implements op.Formula.
func (hiddenFields) Compile(c *op.Compiler, z []float32, in []op.Operand) func() {
	v, w, b := in[0], in[1], in[2].Data
	R, V, H := v.Shape[0], v.Shape[1], w.Shape[1]
	return blas.Product{
		Library: c.Library, Pool: c.Pool, M: R, N: H, K: V, A: v.Data, B: w.Data, C: z,
		Accumulate: true, Prologue: repeat(z, b),
	}.Compile()
}

// repeat returns a function that copies the biases b to the rows of a block of z.
func repeat(z, b []float32) func(r0, r1, c0, c1 int) {
	n := len(b)
	return func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			copy(z[r*n+c0:r*n+c1], b[c0:c1])
		}
	}
}

// WRT implements op.Differentiable: nothing lies below the visible units.
func (hiddenFields) WRT() []bool { return []bool{false, true, true} }

// Gradients implements op.Differentiable: dW = vᵀ·dz and db = Σ dz, or the centred ones.
func (f hiddenFields) Gradients(in G.Nodes, _, dz *G.Node) (G.Nodes, error) {
	errors := dz
	if f.centring != nil {
		errors = f.errors
	}
	dw, err := op.Apply(ops.WeightGradient{}, in[0], errors)
	if err != nil {
		return nil, err
	}
	var db *G.Node
	if f.centring == nil {
		db, err = op.Apply(ops.BiasGradient{}, dz)
	} else {
		db, err = op.Apply(hiddenBiasGradient{}, dz, errors, in[0], f.visible)
	}
	return G.Nodes{nil, dw, db}, err
}

// visibleFields are h·Wᵀ + a: h [C,H], W [V,H], a [V], out [C,V].
type visibleFields struct{}

var _ op.Formula = visibleFields{}

func (visibleFields) String() string { return "VisibleFields" }

// Ranks implements op.Formula.
func (visibleFields) Ranks() ([]int, int) { return []int{2, 2, 1}, 2 }

// Shape implements op.Formula.
func (f visibleFields) Shape(in []tensor.Shape) (tensor.Shape, error) {
	h, w, a := in[0], in[1], in[2]
	if h[1] != w[1] || a[0] != w[0] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want h [C,H], W [V,H], a [V]", f, in)
	}
	return tensor.Shape{h[0], w[0]}, nil
}

// Evaluate implements op.Formula.
func (visibleFields) Evaluate(x []float64, in []op.Array) {
	h, w, a := in[0].Data, in[1].Data, in[2].Data
	C, V, H := in[0].Shape[0], in[1].Shape[0], in[1].Shape[1]
	for c := range C {
		for i := range V {
			x[c*V+i] = a[i]
			for j := range H {
				x[c*V+i] += h[c*H+j] * w[i*H+j]
			}
		}
	}
}

// Compile implements op.Formula.
func (visibleFields) Compile(c *op.Compiler, x []float32, in []op.Operand) func() {
	h, w, a := in[0], in[1], in[2].Data
	return blas.Product{
		Library: c.Library, Pool: c.Pool, M: h.Shape[0], N: w.Shape[0], K: h.Shape[1], TransB: true, A: h.Data, B: w.Data, C: x,
		Binary: true, Accumulate: true, Prologue: repeat(x, a),
	}.Compile()
}
