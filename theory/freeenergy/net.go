package freeenergy

import (
	"fmt"
	"math"

	"ergon/internal/philox"
)

// elasticNet is a layered network of units x with springs to what drives them: H = Σ κ_i/2·δ_i² with δ_i = x_i - f(y_i), y_i = Σ_j w_ij x_j + b_i.
type elasticNet struct {
	inputs     []float64
	layers     []elasticLayer
	stiffness  []float64 // κ of each unit after the inputs
	activation activation
}

// elasticLayer drives the units [from, from+out).
type elasticLayer struct {
	from, in, out int
	weights       []float64 // [out,in]
	biases        []float64 // [out]
}

// activation is f and its derivative.
type activation struct{ value, slope func(y float64) float64 }

var elasticActivations = map[string]activation{
	"tanh": {math.Tanh, func(y float64) float64 { f := math.Tanh(y); return 1 - f*f }},
	"relu": {func(y float64) float64 { return max(0, y) }, func(y float64) float64 {
		if y > 0 {
			return 1
		}
		return 0
	}},
	"linear": {func(y float64) float64 { return y }, func(float64) float64 { return 1 }},
}

// net draws network number i.
func (f *FreeEnergy) net(i int) *elasticNet {
	n := &elasticNet{stiffness: f.stiffness(), activation: elasticActivations[f.Activation]}
	n.inputs = normals(philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/inputs", i)), f.Layers[0], 1)
	from := 0
	for l, out := range f.Layers[1:] {
		in := f.Layers[l]
		n.layers = append(n.layers, elasticLayer{
			from: from, in: in, out: out,
			weights: normals(philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/layer/%d/weights", i, l)), in*out, f.Gain/math.Sqrt(float64(in))),
			biases:  normals(philox.New(f.Seed, fmt.Sprintf("freeenergy/net/%d/layer/%d/biases", i, l)), out, 1),
		})
		from += out
	}
	return n
}

// normals returns the first n numbers of a stream, times deviation.
func normals(stream philox.Stream, n int, deviation float64) []float64 {
	draw := make([]float64, n)
	for i := range draw {
		draw[i] = deviation * stream.Normal(0, uint64(i))
	}
	return draw
}

// elasticState holds the activities of a network and what follows from them. All slices
// are [units].
type elasticState struct {
	x      []float64 // activities
	y      []float64 // drives
	strain []float64 // δ = x - f(y)
	stress []float64 // σ = -κ·δ·f'(y), which is ∂H/∂b
	slope  []float64 // ∂H/∂x
	energy float64   // H
}

func (n *elasticNet) state() *elasticState {
	units := len(n.stiffness)
	all := make([]float64, 5*units)
	return &elasticState{x: all[:units], y: all[units : 2*units], strain: all[2*units : 3*units], stress: all[3*units : 4*units], slope: all[4*units:]}
}

// drive computes the drives of layer l from the activities before it.
func (n *elasticNet) drive(l int, s *elasticState) {
	layer, before := &n.layers[l], n.inputs
	if l > 0 {
		before = s.x[n.layers[l-1].from:layer.from]
	}
	for i, bias := range layer.biases {
		y := bias
		for j, w := range layer.weights[i*layer.in : (i+1)*layer.in] {
			y += w * before[j]
		}
		s.y[layer.from+i] = y
	}
}

// update computes the rest of a state from its activities. To the slope contribute the
// unit's own spring and those of the units that it drives:
// ∂H/∂x_j = κ_j·δ_j + Σ_i w_ij·σ_i.
func (n *elasticNet) update(s *elasticState) {
	s.energy = 0
	for l := range n.layers {
		n.drive(l, s)
	}
	for i, kappa := range n.stiffness {
		delta := s.x[i] - n.activation.value(s.y[i])
		s.strain[i], s.stress[i], s.slope[i] = delta, -kappa*delta*n.activation.slope(s.y[i]), kappa*delta
		s.energy += kappa / 2 * delta * delta
	}
	for l := 1; l < len(n.layers); l++ {
		layer, before := &n.layers[l], n.layers[l-1].from
		for i := range layer.out {
			for j, w := range layer.weights[i*layer.in : (i+1)*layer.in] {
				s.slope[before+j] += w * s.stress[layer.from+i]
			}
		}
	}
}

// scaling returns ∂H/∂ln λ where λ scales all weights: Σ_i σ_i·Σ_j w_ij x_j.
func (n *elasticNet) scaling(s *elasticState) float64 {
	sum := 0.0
	for _, layer := range n.layers {
		for i, bias := range layer.biases {
			sum += s.stress[layer.from+i] * (s.y[layer.from+i] - bias)
		}
	}
	return sum
}
