package masks

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Factored is a parameter whose gradient is a product, dW = xᵀ·dz, that is not
// computed yet. A rule that changes few synapses, or sees a single presentation,
// learns from the factors and never forms dW.
type Factored interface {
	G.ValueGrad
	// Factors returns x [B,In] and dz [B,Out]. ok is false if the gradient has been
	// computed, or is not a product.
	Factors() (x, dz []float32, ok bool)
	// Part computes the gradient of the synapses between the units pre and post,
	// both ascending, into part [|pre|,|post|]; nil means every unit.
	Part(pre, post []int32, part []float32) error
	// Stream computes the gradient in blocks and calls learn with each while it is in
	// cache: rows [r0,r1) and columns [c0,c1), dw[r*stride+c] being the entry in
	// row r and column c of the block. The blocks cover the gradient; calls may be
	// concurrent.
	Stream(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error
}

// Factored reports whether the array's gradient is not computed yet.
func (s *Synapses) Factored() bool { return s.Source != nil }

// Write computes the array's gradient into Gradient, unless it is there already. It
// fails if the gradient does not have the array's shape.
func (s *Synapses) Write() error {
	if !s.Factored() {
		return nil
	}
	g, err := gradientOf(s.Source)
	if err != nil {
		return err
	}
	if len(g) != s.In*s.Out {
		return fmt.Errorf("masks: a gradient does not have the %d×%d synapses of layer %d", s.In, s.Out, s.Layer+1)
	}
	s.Gradient, s.Source = g, nil
	return nil
}

// Bind points the array at the weights of parameter number n and at its gradient.
// With lazy, a gradient that is a product stays uncomputed: Bind sets Source instead
// of Gradient, and returns the factors x [B,In] and dz [B,Out]. It fails if weights
// or gradient do not have the array's shape.
func (s *Synapses) Bind(n int, p G.ValueGrad, lazy bool) (x, dz []float32, err error) {
	w, ok := p.Value().(*tensor.Dense)
	if !ok || w.DataSize() != s.In*s.Out {
		return nil, nil, fmt.Errorf("masks: parameter %d does not have the %d×%d synapses of layer %d", n, s.In, s.Out, s.Layer+1)
	}
	s.Weights, s.Gradient, s.Source = w.Float32s(), nil, nil
	if f, ok := p.(Factored); ok && lazy {
		if x, dz, ok := f.Factors(); ok && len(x)*s.Out == len(dz)*s.In {
			s.Source = f
			return x, dz, nil
		}
	}
	g, err := gradientOf(p)
	if err != nil {
		return nil, nil, err
	}
	if len(g) != s.In*s.Out {
		return nil, nil, fmt.Errorf("masks: the gradient of parameter %d does not have the %d×%d synapses of layer %d", n, s.In, s.Out, s.Layer+1)
	}
	s.Gradient = g
	return nil, nil, nil
}

// gradientOf returns the numbers of a parameter's gradient; none if it is not a
// dense tensor.
func gradientOf(p G.ValueGrad) ([]float32, error) {
	gradient, err := p.Grad()
	if err != nil {
		return nil, err
	}
	if g, ok := gradient.(*tensor.Dense); ok {
		return g.Float32s(), nil
	}
	return nil, nil
}
