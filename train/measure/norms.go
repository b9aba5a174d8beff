package measure

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/internal/simd"
)

// squares returns Σ_s |g_s|² over presentations s, where g_s is the gradient of the loss
// of presentation s alone, in the weights and biases of layer l.
func (g *Gradients) squares(p *graph.Program, l int, layer *graph.Layer) (sum float64) {
	x, errors := p.Presynaptic(l), p.Error(l)
	if layer.Rows() > 1 {
		return g.squaresShared(p.Batch, x, errors, layer)
	}
	bias := 0.0
	if layer.B != nil {
		bias = 1
	}
	for b := range p.Batch {
		sigma := simd.SquaredNorm(errors[b*layer.Out : (b+1)*layer.Out])
		if sigma != 0 {
			sum += sigma * (simd.SquaredNorm(x[b*layer.In:(b+1)*layer.In]) + bias)
		}
	}
	return sum
}

// squaresShared is squares for a convolution. The gradient of a presentation is there the
// sum of the outer products of all positions, and has to be computed. Most errors are
// zero where activities are pooled.
func (g *Gradients) squaresShared(batch int, x, errors []float32, layer *graph.Layer) (sum float64) {
	g.single = resized(g.single, layer.Parameters())
	gradient, bias := g.single[:len(layer.W)], g.single[len(layer.W):]
	for range batch {
		clear(g.single)
		for range layer.Rows() {
			for o, e := range errors[:layer.Out] {
				if e == 0 {
					continue
				}
				simd.AddScaled(gradient[o*layer.In:(o+1)*layer.In], x[:layer.In], e)
				if layer.B != nil {
					bias[o] += e
				}
			}
			x, errors = x[layer.In:], errors[layer.Out:]
		}
		sum += simd.SquaredNorm(gradient) + simd.SquaredNorm(bias)
	}
	return sum
}

// squaredGradient returns the squared norm of the gradient of the batch's loss, by what can
// be learned.
func (g *Gradients) squaredGradient(p *graph.Program) (sum float64, err error) {
	err = eachGradient(p, g.layers, func(gradient []float32) { sum += simd.SquaredNorm(gradient) })
	return sum, err
}

// eachGradient hands out the gradients of the batch's loss by all arrays that can be learned,
// layer by layer. They are valid until the next run of the program.
func eachGradient(p *graph.Program, layers []*graph.Layer, visit func(gradient []float32)) error {
	a := 0
	for _, layer := range layers {
		arrays := 1
		if layer.B != nil {
			arrays = 2
		}
		for _, parameter := range p.Parameters()[a : a+arrays] {
			if layer.Fixed {
				continue
			}
			gradient, err := gradientOf(parameter)
			if err != nil {
				return err
			}
			visit(gradient)
		}
		a += arrays
	}
	return nil
}

// gradientOf returns the gradient of a parameter, which is computed now unless it was
// before. It is valid until the next run of the program.
func gradientOf(parameter G.ValueGrad) ([]float32, error) {
	value, err := parameter.Grad()
	if err != nil {
		return nil, err
	}
	return value.(*tensor.Dense).Float32s(), nil
}
