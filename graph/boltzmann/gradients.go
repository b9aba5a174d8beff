package boltzmann

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/simd"
)

// weighted is -dF·y: each row of y [R,n] times minus the gradient dF [r] of its free energy,
// r ≤ R; 0 in the rows behind.
type weighted struct{}

var _ op.Formula = weighted{}

func (weighted) String() string { return "Weighted" }

// Ranks implements op.Formula.
func (weighted) Ranks() ([]int, int) { return []int{1, 2}, 2 }

// Shape implements op.Formula.
func (f weighted) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0] > in[1][0] {
		return nil, fmt.Errorf("graph: %v of shapes %v: more gradients than rows", f, in)
	}
	return in[1].Clone(), nil
}

// Evaluate implements op.Formula.
func (weighted) Evaluate(out []float64, in []op.Array) {
	n := in[1].Shape[1]
	for r, weight := range in[0].Data {
		for i, y := range in[1].Data[r*n : (r+1)*n] {
			out[r*n+i] = -weight * y
		}
	}
}

// Compile implements op.Formula.
func (weighted) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	n := in[1].Shape[1]
	clear(out[len(in[0].Data)*n:])
	return rowwise(c, len(in[0].Data), n, func(r int) {
		simd.Scale(out[r*n:(r+1)*n], in[1].Data[r*n:(r+1)*n], -in[0].Data[r])
	})
}

// The centred gradient (Melchior, Fischer & Wiskott 2016, JMLR 17:99, sect. 3) takes
// ⟨(v-μ)(h-λ)ᵀ⟩ for ⟨vhᵀ⟩, and takes what that brings to the fields out of the biases:
//
//	dW' = Σ (v-μ) dz'ᵀ,  dz' = dz + dF·λ,
//	da' = da - dW'λ,  db' = db - dW'ᵀμ.
//
// Since Σ dF = 0, dW' = Σ v dz'ᵀ - μ Σ dzᵀ. So it is one product again, of which μ is one
// more row.

// centredErrors are dz' [R+1,H], of dF [R], dz [R+1,H] and λ [1,H]. The last row is that of
// μ: -Σ dz.
type centredErrors struct{}

var _ op.Formula = centredErrors{}

func (centredErrors) String() string { return "CentredErrors" }

// Ranks implements op.Formula.
func (centredErrors) Ranks() ([]int, int) { return []int{1, 2, 2}, 2 }

// Shape implements op.Formula.
func (f centredErrors) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[1][0] != in[0][0]+1 || in[2][0] != 1 || in[2][1] != in[1][1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want dF [R], dz [R+1,H], λ [1,H]", f, in)
	}
	return in[1].Clone(), nil
}

// Evaluate implements op.Formula.
func (centredErrors) Evaluate(out []float64, in []op.Array) {
	dF, dz, lambda, H := in[0].Data, in[1].Data, in[2].Data, in[1].Shape[1]
	last := out[len(dF)*H:]
	for r, weight := range dF {
		for j := range H {
			out[r*H+j] = dz[r*H+j] + weight*lambda[j]
			last[j] -= dz[r*H+j]
		}
	}
}

// Compile implements op.Formula.
func (centredErrors) Compile(c *op.Compiler, out []float32, in []op.Operand) func() {
	dF, dz, lambda, H := in[0].Data, in[1].Data, in[2].Data, in[1].Shape[1]
	rows := rowwise(c, len(dF), H, func(r int) {
		row := out[r*H : (r+1)*H]
		copy(row, dz[r*H:(r+1)*H])
		simd.AddScaled(row, lambda, dF[r])
	})
	last := out[len(dF)*H:]
	return func() {
		rows()
		simd.SumRows(last, dz, len(dF), H)
		simd.Scale(last, last, -1)
	}
}

// hiddenBiasGradient is db' = Σ dz - Σ dz'·(v·μ) [H], of dz and dz' [R+1,H], v [R+1,V] and
// μ [1,V].
type hiddenBiasGradient struct{}

var _ ops.ErrorSum = hiddenBiasGradient{}

func (hiddenBiasGradient) String() string { return "HiddenBiasGradient" }

// SumsErrors implements ops.ErrorSum.
func (hiddenBiasGradient) SumsErrors() {}

// Ranks implements op.Formula.
func (hiddenBiasGradient) Ranks() ([]int, int) { return []int{2, 2, 2, 2}, 1 }

// Shape implements op.Formula.
func (hiddenBiasGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (hiddenBiasGradient) Evaluate(db []float64, in []op.Array) {
	dz, centred, v, mu := in[0].Data, in[1].Data, in[2].Data, in[3].Data
	H, V := in[0].Shape[1], in[2].Shape[1]
	for r := range in[0].Shape[0] {
		along := inner(v[r*V:(r+1)*V], mu)
		for j := range db {
			db[j] += dz[r*H+j] - centred[r*H+j]*along
		}
	}
}

// Compile implements op.Formula.
func (hiddenBiasGradient) Compile(c *op.Compiler, db []float32, in []op.Operand) func() {
	return corrected(c, db, in[0], in[1], in[2], in[3].Data)
}

// visibleBiasGradient is da' = Σ dv - Σ v·(dz'·λ) [V], of dv [R+1,V], dz' [R+1,H], v [R+1,V]
// and λ [1,H].
type visibleBiasGradient struct{}

var _ ops.ErrorSum = visibleBiasGradient{}

func (visibleBiasGradient) String() string { return "VisibleBiasGradient" }

// SumsErrors implements ops.ErrorSum.
func (visibleBiasGradient) SumsErrors() {}

// Ranks implements op.Formula.
func (visibleBiasGradient) Ranks() ([]int, int) { return []int{2, 2, 2, 2}, 1 }

// Shape implements op.Formula.
func (visibleBiasGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (visibleBiasGradient) Evaluate(da []float64, in []op.Array) {
	dv, centred, v, lambda := in[0].Data, in[1].Data, in[2].Data, in[3].Data
	V, H := in[0].Shape[1], in[1].Shape[1]
	for r := range in[0].Shape[0] {
		along := inner(centred[r*H:(r+1)*H], lambda)
		for i := range da {
			da[i] += dv[r*V+i] - v[r*V+i]*along
		}
	}
}

// Compile implements op.Formula.
func (visibleBiasGradient) Compile(c *op.Compiler, da []float32, in []op.Operand) func() {
	return corrected(c, da, in[0], in[2], in[1], in[3].Data)
}

// corrected returns a function that computes Σ plain - Σ y·(x·direction) over rows: plain and
// y [R,n], x [R,m], direction [m], out [n].
func corrected(c *op.Compiler, out []float32, plain, y, x op.Operand, direction []float32) func() {
	R, n, m := plain.Shape[0], len(out), len(direction)
	along := make([]float32, R)
	dots := rowwise(c, R, m, func(r int) { along[r] = float32(scalar(direction, x.Data[r*m:(r+1)*m])) })
	const vector = 64 // columns that fill vector registers
	columns := (max(2*op.Grain/R, 1) + vector - 1) / vector * vector
	sums := c.Chunks(n, columns, func(lo, hi int) {
		simd.SumRows(out[lo:hi], plain.Data[lo:], R, n)
		for r, a := range along {
			if a != 0 {
				simd.AddScaled(out[lo:hi], y.Data[r*n+lo:r*n+hi], -a)
			}
		}
	})
	return func() {
		dots()
		sums()
	}
}

func inner(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
