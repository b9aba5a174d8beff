package competitive_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/masks"
	"ergon/masks/rules"
)

// drawBefore draws masks that are listed before a competition.
func drawBefore(t *rapid.T, layers []masks.Layer) []masks.MaskSpec {
	switch rapid.IntRange(0, 3).Draw(t, "before") {
	case 1:
		return []masks.MaskSpec{&rules.Neurons{P: 0.5, Side: rapid.SampledFrom([]string{"pre", "post", "both"}).Draw(t, "side"), Redraw: "never", Scope: drawScope(t, layers)}}
	case 2:
		return []masks.MaskSpec{&rules.Subnet{K: []int{0}, Fraction: 0.5, Biases: rapid.Bool().Draw(t, "subnet biases")}}
	case 3:
		return []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "never", Scope: drawScope(t, layers)}}
	}
	return nil
}

// drawScope draws layers of a network, or all, with or without biases.
func drawScope(t *rapid.T, layers []masks.Layer) masks.Scope {
	return masks.Scope{
		Layers: rapid.SliceOfN(rapid.IntRange(1, len(layers)), 0, 2).Draw(t, "layers"),
		Biases: rapid.Bool().Draw(t, "biases"),
	}
}

// presented makes a step of one presentation: factors with zeros and ties, and
// gradients that are their outer products.
func presented(layers []masks.Layer, seed uint64) *masks.Step {
	step := &masks.Step{Arrays: masks.Arrays(layers), Outer: true}
	step.Batch = 1
	draw := func(n int, name string) []float32 {
		s, x := philox.New(seed, name), make([]float32, n)
		for i := range x {
			switch s.Uint32(1, uint64(i)) % 4 {
			case 0: // stays 0
			case 1:
				x[i] = 0.5 // ties
			default:
				x[i] = float32(math.Pow(10, 4*s.Float64(2, uint64(i))-3) * s.Normal(0, uint64(i)))
			}
		}
		return x
	}
	step.Activity = append(step.Activity, draw(layers[0].In, "input"))
	for l, layer := range layers {
		step.Activity = append(step.Activity, draw(layer.Out, fmt.Sprint("activity", l)))
		step.Errors = append(step.Errors, draw(layer.Out, fmt.Sprint("error", l)))
	}
	for a, s := range step.Arrays {
		x := []float32{1}
		if !s.Bias {
			x = step.Activity[s.Layer]
		}
		s.Gradient, s.Weights = make([]float32, s.In*s.Out), make([]float32, s.In*s.Out)
		for i := range s.Gradient {
			s.Gradient[i] = x[i/s.Out] * step.Errors[s.Layer][i%s.Out]
			s.Weights[i] = float32(philox.New(seed, "w").Normal(uint64(a), uint64(i)))
		}
	}
	return step
}

// sizes are kinds of factors, as functions of a number u that is uniform in (-1,1).
var sizes = map[string]func(u float64) float64{
	"pixels":   func(u float64) float64 { return max(0, math.Round(255*u)/255) }, // many zeros, and equal ones
	"errors":   func(u float64) float64 { return u * u * u },
	"one":      func(float64) float64 { return 1 },
	"tiny":     func(u float64) float64 { return 1e-22 * u }, // products underflow
	"huge":     func(u float64) float64 { return 1e20 * u },  // and overflow
	"infinite": func(u float64) float64 { return 1 / math.Round(2*u) },
	"NaN":      func(u float64) float64 { return math.Round(4*u) / math.Round(2*u) },
}

// factored makes the step of a single presentation with factors of some kinds, and
// computes its gradients.
func factored(layers []masks.Layer, seed uint64, activity, errors string) *masks.Step {
	step := &masks.Step{Arrays: masks.Arrays(layers), Outer: true, Presentation: masks.Presentation{Batch: 1}}
	draw := func(n int, size string, id uint64) (x []float32) {
		s := philox.New(seed, "test/"+size)
		for i := range n {
			x = append(x, float32(sizes[size](2*s.Float64(id, uint64(i))-1)))
		}
		return x
	}
	step.Activity = append(step.Activity, draw(layers[0].In, activity, 0))
	for l, layer := range layers {
		step.Activity = append(step.Activity, draw(layer.Out, activity, uint64(l+1)))
		step.Errors = append(step.Errors, draw(layer.Out, errors, uint64(l)))
	}
	for _, s := range step.Arrays {
		x := []float32{1}
		if !s.Bias {
			x = step.Activity[s.Layer]
		}
		s.Weights, s.Gradient = make([]float32, s.In*s.Out), make([]float32, s.In*s.Out)
		for i := range s.Gradient {
			s.Gradient[i] = x[i/s.Out] * step.Errors[s.Layer][i%s.Out]
		}
	}
	return step
}
