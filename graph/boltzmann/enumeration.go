package boltzmann

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// enumeration are exact sums over the states of a fully connected machine, of which N units
//
//	E(s) = -b·s - Σ_{i<j} s_i W_ij s_j,
//
// the first V are visible: x [B,V], W [N,N] of which i < j counts, b [N]. Each row of the
// output, [B,1+N²], has F(x) = -ln Σ_h e^-E(x,h) and the moments of all units with the visible
// ones held at x: ⟨s_i s_j⟩ for i < j, ⟨s_i⟩ on the diagonal and 0 below it. With model, one more
// row has those of the machine by itself, with nothing held; there, F is -ln Z.
type enumeration struct{ model bool }

var _ op.Formula = enumeration{}

func (f enumeration) String() string { return fmt.Sprintf("Enumeration{model %t}", f.model) }

// Ranks implements op.Formula.
func (enumeration) Ranks() ([]int, int) { return []int{2, 2, 1}, 2 }

// Shape implements op.Formula.
func (f enumeration) Shape(in []tensor.Shape) (tensor.Shape, error) {
	x, w, b := in[0], in[1], in[2]
	if n := b[0]; w[0] != n || w[1] != n || x[1] > n || n > mostUnits {
		return nil, fmt.Errorf("graph: %v of shapes %v: want x [B,V], W [N,N], b [N], V ≤ N ≤ %d", f, in, mostUnits)
	}
	rows := x[0]
	if f.model {
		rows++
	}
	return tensor.Shape{rows, 1 + b[0]*b[0]}, nil
}

// Evaluate implements op.Formula: one state after the other.
func (f enumeration) Evaluate(out []float64, in []op.Array) {
	x, w, b := in[0], in[1].Data, in[2].Data
	B, V, size := x.Shape[0], x.Shape[1], 1+len(b)*len(b)
	for r := range B {
		overStates(out[r*size:(r+1)*size], x.Data[r*V:(r+1)*V], w, b)
	}
	if f.model {
		overStates(out[B*size:], nil, w, b)
	}
}

// overStates writes F and the moments, with the first units held at v.
func overStates(row, v, w, b []float64) {
	n, s := len(b), make([]float64, len(b))
	copy(s, v)
	energies := make([]float64, 1<<(n-len(v)))
	least := math.Inf(1)
	for state := range energies {
		set(s[len(v):], state)
		energies[state] = energy(s, w, b)
		least = min(least, energies[state])
	}
	z := 0.0
	for _, e := range energies {
		z += math.Exp(least - e)
	}
	row[0] = least - math.Log(z)
	moments := row[1:]
	for state, e := range energies {
		set(s[len(v):], state)
		p := math.Exp(least-e) / z
		for i, x := range s {
			if x == 0 {
				continue
			}
			moments[i*n+i] += p * x
			for j := i + 1; j < n; j++ {
				moments[i*n+j] += p * x * s[j]
			}
		}
	}
}

// set sets units to a state: unit i is bit i of its number.
func set(s []float64, state int) {
	for i := range s {
		s[i] = float64(state >> i & 1)
	}
}

// energy returns E(s) = -b·s - Σ_{i<j} s_i W_ij s_j.
func energy(s, w, b []float64) (e float64) {
	for i, x := range s {
		if x == 0 {
			continue
		}
		e -= b[i] * x
		for j := i + 1; j < len(s); j++ {
			e -= x * w[i*len(s)+j] * s[j]
		}
	}
	return e
}

// Compile implements op.Formula.
func (f enumeration) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	x, w, b := in[0], in[1].Data, in[2].Data
	N := len(b)
	size := 1 + N*N
	weights, biases := make([]float64, N*N), make([]float64, N)
	rows := clampedRows(c, x, weights, biases, out, size, func(m *clamped, row []float32) {
		row[0] = float32(m.freeEnergy(m.v, true))
		m.write(row[1:], m.v)
	})
	model := func() {}
	if f.model {
		free, row := newEnsemble(N, c.Pool), out[x.Shape[0]*size:]
		model = func() {
			free.couple(weights)
			free.sum(biases, true)
			row[0] = float32(-free.lnZ)
			for k, m := range free.moments {
				row[1+k] = float32(m)
			}
		}
	}
	return func() {
		widen(weights, w)
		widen(biases, b)
		rows()
		model()
	}
}
