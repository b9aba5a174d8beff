package masks

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Factored is a parameter whose gradient is a product, dW = xᵀ·dz, that has not
// been computed yet. A rule that changes few synapses, or sees a single
// presentation, need not have it written out: it learns from the factors.
type Factored interface {
	G.ValueGrad
	// Factors returns x [B,In] and dz [B,Out]; ok is false where the gradient is
	// there already, or is no product.
	Factors() (x, dz []float32, ok bool)
	// Part computes the gradient of the synapses between the units pre and post,
	// both ascending, into part [|pre|,|post|]. nil is every unit.
	Part(pre, post []int32, part []float32) error
	// Stream computes the gradient in blocks and hands each to learn while it is in
	// cache: rows [r0,r1) and columns [c0,c1), in rows of stride numbers from dw on.
	// Blocks cover the gradient, and may be handed over at the same time.
	Stream(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error
}

// Factored reports whether the array's gradient is not written out.
func (s *Synapses) Factored() bool { return s.Source != nil }

// Write has the array's gradient computed into Gradient, unless it was.
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

// Bind points the array at the weights of parameter number n, and at its gradient:
// where that is a product and lazy is asked for, at its Source, whose factors x [B,In]
// and dz [B,Out] it returns.
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

// gradientOf returns the numbers of a parameter's gradient; none if it is no array of them.
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
