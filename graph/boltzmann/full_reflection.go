package boltzmann

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"ergon/graph/op"
)

// reflection are the means of the visible units [B,V] of a fully connected machine, given the
// means s [B,N] of all others: σ(b_i + Σ_j W_ij s_j) with W [N,N] of i < j, b [N].
type reflection struct{ visible int }

var _ op.Formula = reflection{}

func (f reflection) String() string { return fmt.Sprintf("Reflection{%d}", f.visible) }

// Ranks implements op.Formula.
func (reflection) Ranks() ([]int, int) { return []int{2, 2, 1}, 2 }

// Shape implements op.Formula.
func (f reflection) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if n := in[2][0]; in[0][1] != n || in[1][0] != n || in[1][1] != n || f.visible > n {
		return nil, fmt.Errorf("graph: %v of shapes %v: want s [B,N], W [N,N], b [N]", f, in)
	}
	return tensor.Shape{in[0][0], f.visible}, nil
}

// Evaluate implements op.Formula.
func (f reflection) Evaluate(out []float64, in []op.Array) {
	for r := range in[0].Shape[0] {
		n := len(in[2].Data)
		s := in[0].Data[r*n : (r+1)*n]
		for i := range f.visible {
			field := in[2].Data[i]
			for j, x := range s {
				field += pairOf(in[1].Data, n, i, j) * x
			}
			out[r*f.visible+i] = 1 / (1 + math.Exp(-field))
		}
	}
}

// pairOf returns the weight of units i and j, 0 of a unit and itself.
func pairOf[T float32 | float64](w []T, n, i, j int) T {
	switch {
	case i < j:
		return w[i*n+j]
	case j < i:
		return w[j*n+i]
	}
	return 0
}

// Compile implements op.Formula.
func (f reflection) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	w, b := in[1].Data, in[2].Data
	n := len(b)
	return rowwise(c, in[0].Shape[0], n*f.visible, func(r int) {
		s := in[0].Data[r*n : (r+1)*n]
		for i := range f.visible {
			field := float64(b[i])
			for j, x := range s {
				field += float64(pairOf(w, n, i, j)) * float64(x)
			}
			out[r*f.visible+i] = float32(1 / (1 + math.Exp(-field)))
		}
	})
}

// pseudoLikelihood is Σ_i ln p(v_i | all other v) [B] of a fully connected machine: x [B,V] of
// its first units, W [N,N] of i < j, b [N]. With v' that differs from v in unit i,
// p(v_i | …) = 1/(1 + e^(F(v)-F(v'))).
type pseudoLikelihood struct{}

var _ op.Formula = pseudoLikelihood{}

func (pseudoLikelihood) String() string { return "PseudoLikelihood" }

// Ranks implements op.Formula.
func (pseudoLikelihood) Ranks() ([]int, int) { return []int{2, 2, 1}, 1 }

// Shape implements op.Formula.
func (pseudoLikelihood) Shape(in []tensor.Shape) (tensor.Shape, error) {
	shape, err := enumeration{}.Shape(in)
	if err != nil {
		return nil, err
	}
	return shape[:1], nil
}

// Evaluate implements op.Formula.
func (pseudoLikelihood) Evaluate(out []float64, in []op.Array) {
	w, b, V := in[1].Data, in[2].Data, in[0].Shape[1]
	row := make([]float64, 1+len(b)*len(b))
	freeEnergy := func(v []float64) float64 {
		clear(row)
		overStates(row, v, w, b)
		return row[0]
	}
	for r := range out {
		out[r] = pseudo(in[0].Data[r*V:(r+1)*V], freeEnergy)
	}
}

// pseudo returns Σ_i ln p(v_i | all other v). It changes v meanwhile.
func pseudo(v []float64, freeEnergy func(v []float64) float64) (sum float64) {
	own := freeEnergy(v)
	for i, x := range v {
		v[i] = 1 - x
		gain := own - freeEnergy(v)
		v[i] = x
		sum -= max(gain, 0) + math.Log1p(math.Exp(-math.Abs(gain))) // ln(1 + e^gain)
	}
	return sum
}

// Compile implements op.Formula.
func (pseudoLikelihood) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	w, b := in[1].Data, in[2].Data
	weights, biases := make([]float64, len(w)), make([]float64, len(b))
	rows := clampedRows(c, in[0], weights, biases, out, 1, func(m *clamped, row []float32) {
		row[0] = float32(pseudo(m.v, func(v []float64) float64 { return m.freeEnergy(v, false) }))
	})
	return func() {
		widen(weights, w)
		widen(biases, b)
		rows()
	}
}
