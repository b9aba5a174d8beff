// Package maskstest is the conformance suite of learning rules. Every registered kind is
// in it: rules are drawn from masks.Masks, masks.Optimizers and the other unions, settings
// from their tags. Each implementation of the update is compared with masks/reference.
package maskstest

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/masks"
)

// Parameter is one array of synapses as a solver sees it, with its gradient in memory.
type Parameter struct{ value, gradient *tensor.Dense }

var _ G.ValueGrad = Parameter{}

// Value implements gorgonia.ValueGrad.
func (p Parameter) Value() G.Value { return p.value }

// Grad implements gorgonia.ValueGrad.
func (p Parameter) Grad() (G.Value, error) { return p.gradient, nil }

// Weights returns the weights [In,Out], not a copy.
func (p Parameter) Weights() []float32 { return p.value.Float32s() }

// Gradient returns the gradient [In,Out], not a copy.
func (p Parameter) Gradient() []float32 { return p.gradient.Float32s() }

// numbers returns the numbers of a dense tensor, not a copy.
func numbers(v G.Value) []float32 { return v.(*tensor.Dense).Float32s() }

func dense(rows, columns int) *tensor.Dense {
	return tensor.New(tensor.WithShape(rows, columns), tensor.Of(tensor.Float32))
}

// Parameters makes the parameters of layers, with weights drawn from a seed and
// gradients of zero.
func Parameters(layers []masks.Layer, seed uint64) (parameters []G.ValueGrad) {
	for a, s := range masks.Arrays(layers) {
		p := Parameter{dense(s.In, s.Out), dense(s.In, s.Out)}
		stream := philox.New(seed, "test/weights")
		for i := range p.Weights() {
			p.Weights()[i] = float32(0.1 * stream.Normal(uint64(a), uint64(i)))
		}
		parameters = append(parameters, p)
	}
	return parameters
}

// Differentiate sets gradients that depend on the weights, with some zeros and a wide
// range of magnitudes, like those of rectified networks.
func Differentiate(parameters []G.ValueGrad, step uint64) {
	stream := philox.New(99, "test/gradients")
	for a, p := range parameters {
		g, w := p.(Parameter).Gradient(), p.(Parameter).Weights()
		for i := range g {
			index := uint64(a)<<32 | uint64(i)
			g[i] = w[i] + float32(math.Pow(10, 6*stream.Float64(step, index)-5)*stream.Normal(step, index))
			if stream.Uint32(step+1<<40, index)%4 == 0 {
				g[i] = 0
			}
		}
	}
}

// Weights returns copies of the weights of all parameters.
func Weights(parameters []G.ValueGrad) (all [][]float32) {
	for _, p := range parameters {
		all = append(all, slices.Clone(numbers(p.Value())))
	}
	return all
}

// SameBits reports whether numbers have the same bits: -0 is not 0, and NaN equals NaN.
func SameBits(a, b [][]float32) bool {
	return slices.EqualFunc(a, b, func(x, y []float32) bool {
		return slices.EqualFunc(x, y, func(v, w float32) bool { return math.Float32bits(v) == math.Float32bits(w) })
	})
}

// DrawLayers draws a small network whose arrays may still span several chunks.
func DrawLayers(t *rapid.T) (layers []masks.Layer) {
	sizes := rapid.SliceOfN(rapid.IntRange(1, 20), 2, 4).Draw(t, "sizes")
	if rapid.IntRange(0, 19).Draw(t, "large") == 0 {
		sizes[0] = 700 // 700 × up to 20: two or more chunks
	}
	bias := rapid.Bool().Draw(t, "bias")
	for l := range len(sizes) - 1 {
		layers = append(layers, masks.Layer{In: sizes[l], Out: sizes[l+1], Bias: bias})
	}
	return layers
}

// Classes is the number of classes in the presentations of Labelled.
const Classes = 3

// Labelled returns the presentation of a step: a batch of two with labels.
func Labelled(step uint64) masks.Presentation {
	s := philox.New(7, "test/labels")
	return masks.Presentation{Batch: 2, Presented: 2, Loss: s.Float64(step, 2), Labels: []int32{int32(s.Intn(step, 0, Classes)), int32(s.Intn(step, 1, Classes))}}
}

// Keeps returns which synapses of an array all masks keep in the step begun.
func Keeps(all []masks.Mask, s *masks.Synapses) []bool {
	votes := make([]int, s.In*s.Out)
	for _, m := range all {
		if m.KeepsAll(s) {
			for i := range votes {
				votes[i]++
			}
			continue
		}
		for _, i := range m.Select(s, 0, len(votes), nil) {
			votes[i]++
		}
	}
	kept := make([]bool, len(votes))
	for i, n := range votes {
		kept[i] = n == len(all)
	}
	return kept
}
