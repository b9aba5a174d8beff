package quasistatic

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/op"
)

// relax is the strains u [B,H] of all hidden units, layer after layer, at rest. The
// network's outputs are clamped to t, and the strains are those at which
//
//	H/κ_output = ½ Σ u²/r + ½ Σ (f(y) - t)²,  r = κ_output/κ_hidden,
//
// is least, with hidden units at x = f(y) + u (eq. 6 of Tkachenko 2025 in other
// variables). Inputs are f(y) of the first layer [B,n], t [B,O] and, for
// each layer above, W and b if it has one. A step along
//
//	p = u + r ∂(½ Σ (f(y) - t)²)/∂x,
//
// leads towards rest, where p = 0. The derivative is backpropagated through the strained
// network. |p|/r is |∂H/∂x|/κ_output if the units above follow each unit that moves.
type relax struct {
	hidden, output activation.Activation
	bias           bool
	uppers         int     // layers of synapses above the first
	ratio          float64 // κ_output/κ_hidden
	relaxation     *graph.Relaxation
}

var _ op.Formula = (*relax)(nil)

func (f *relax) String() string {
	return fmt.Sprintf("Relax{%s, %s, bias %t, ratio %g}", activation.Kinds.Name(f.hidden), activation.Kinds.Name(f.output), f.bias, f.ratio)
}

// Ranks implements op.Formula.
func (f *relax) Ranks() (in []int, out int) {
	in = []int{2, 2}
	for range f.uppers {
		in = append(in, 2)
		if f.bias {
			in = append(in, 1)
		}
	}
	return in, 2
}

// Shape implements op.Formula.
func (f *relax) Shape(in []tensor.Shape) (tensor.Shape, error) {
	batch, below, hidden := in[0][0], in[0][1], 0
	for k := range f.uppers {
		w := in[f.weights(k)]
		if w[0] != below || f.bias && in[f.weights(k)+1][0] != w[1] {
			return nil, fmt.Errorf("graph: %v of shapes %v: layer %d does not fit", f, in, k+2)
		}
		hidden += below
		below = w[1]
	}
	if in[1][0] != batch || in[1][1] != below {
		return nil, fmt.Errorf("graph: %v of shapes %v: want f(y) [B,n], t [B,O]", f, in)
	}
	return tensor.Shape{batch, hidden}, nil
}

// weights returns the index of the input that is the weights of upper layer k. The next
// input is its biases, if it has them.
func (f *relax) weights(k int) int {
	if f.bias {
		return 2 + 2*k
	}
	return 2 + k
}

// response returns the activation of upper layer k.
func (f *relax) response(k int) activation.Activation {
	if k == f.uppers-1 {
		return f.output
	}
	return f.hidden
}

// By definition, every presentation goes downhill from the free state in short steps, as
// far as float64 allows.
const (
	definitionResidual = 1e-12 // of the force at rest
	definitionLimit    = 20000 // steps
)

// Evaluate implements op.Formula.
func (f *relax) Evaluate(u []float64, in []op.Array) {
	f.relaxation.Begin()
	B, n, O := in[0].Shape[0], in[0].Shape[1], in[1].Shape[1]
	H := len(u) / B
	for b := range B {
		w := &walk{relax: f, uppers: in, first: in[0].Data[b*n : (b+1)*n], target: in[1].Data[b*O : (b+1)*O]}
		f.relaxation.Record(w.downhill(u[b*H : (b+1)*H]))
	}
}

// walk is the relaxation of one presentation.
type walk struct {
	*relax
	uppers        []op.Array
	first, target []float64
}

// downhill moves u to rest by steps u - αp. It halves α whenever p turns against its last
// direction. It returns the number of steps and the force that is left.
func (w *walk) downhill(u []float64) (steps int, force float64) {
	p, alpha := w.direction(u), 1.0
	for steps = 1; steps < definitionLimit; steps++ {
		if force = unbalanced(inner(p, p), inner(u, u), w.ratio); !(force > definitionResidual) { // also where it is not a number
			break
		}
		next := make([]float64, len(u))
		for i := range u {
			next[i] = u[i] - alpha*p[i]
		}
		ahead := w.direction(next)
		if inner(ahead, p) < -0.5*inner(p, p) {
			alpha /= 2
			continue
		}
		copy(u, next)
		p, alpha = ahead, min(1, 1.1*alpha)
	}
	return steps, force
}

// unbalanced returns the force that is left on the hidden units, given |p|² and |u|², in
// units of κ_output or of the springs' force, whichever is larger: relative to the
// springs' force it cannot be smaller than rounding.
func unbalanced(p2, u2, ratio float64) float64 {
	return math.Sqrt(p2) / ratio / max(1, math.Sqrt(u2)/ratio)
}

// direction returns p at strains u.
func (w *walk) direction(u []float64) []float64 {
	var states, slopes [][]float64 // x of each hidden layer; f' of each upper one
	response, at := w.first, 0
	for k := range w.relax.uppers {
		x := make([]float64, len(response))
		for i := range x {
			x[i] = response[i] + u[at+i]
		}
		at += len(x)
		var slope []float64
		response, slope = w.layer(k, x)
		states, slopes = append(states, x), append(slopes, slope)
	}
	sent := make([]float64, len(response))
	for o := range sent {
		sent[o] = response[o] - w.target[o]
	}
	p := make([]float64, len(u))
	for k := len(states) - 1; k >= 0; k-- {
		matrix := w.uppers[w.weights(k)]
		below := make([]float64, len(states[k]))
		for i := range below {
			for o := range sent {
				below[i] += sent[o] * slopes[k][o] * matrix.Data[i*len(sent)+o]
			}
		}
		sent = below
		at -= len(below)
		for i := range below {
			p[at+i] = u[at+i] + w.ratio*below[i]
		}
	}
	return p
}

// layer returns f(y) and f'(y) of upper layer k at input x.
func (w *walk) layer(k int, x []float64) (response, slope []float64) {
	matrix, f := w.uppers[w.weights(k)], w.response(k)
	O := matrix.Shape[1]
	response, slope = make([]float64, O), make([]float64, O)
	for o := range O {
		y := 0.0
		if w.bias {
			y = w.uppers[w.weights(k)+1].Data[o]
		}
		for i := range x {
			y += x[i] * matrix.Data[i*O+o]
		}
		response[o] = f.F(y)
		slope[o] = derivative(f, y, response[o])
	}
	return response, slope
}

// derivative returns f'(y), given f(y) too.
func derivative(f activation.Activation, y, response float64) float64 {
	if f.FromOutput() {
		return f.Derivative(response)
	}
	return f.Derivative(y)
}

// inner returns Σ a·b.
func inner(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
