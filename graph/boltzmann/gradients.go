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

// visibleBiasGradient is da = -Σ dF·v [V], of v [R,V] and dF [r], r ≤ R.
type visibleBiasGradient struct{}

var _ ops.ErrorSum = visibleBiasGradient{}

func (visibleBiasGradient) String() string { return "VisibleBiasGradient" }

// SumsErrors implements ops.ErrorSum: v stands for the errors -dF·v, which are 0 where v is.
func (visibleBiasGradient) SumsErrors() {}

// Ranks implements op.Formula.
func (visibleBiasGradient) Ranks() ([]int, int) { return []int{2, 1}, 1 }

// Shape implements op.Formula.
func (visibleBiasGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (visibleBiasGradient) Evaluate(da []float64, in []op.Array) {
	subtractRows(da, in[0].Data, in[1].Data)
}

// Compile implements op.Formula.
func (visibleBiasGradient) Compile(c *op.Compiler, da []float32, in []op.Operand) func() {
	return lessRows(c, da, nil, in[0], func() []float32 { return in[1].Data })
}

// centredVisibleGradient is da' = -Σ dF·v - Σ v·(dz'·λ) [V], of v [R+1,V], dF [R], dz' [R+1,H]
// and λ [1,H].
type centredVisibleGradient struct{}

var _ ops.ErrorSum = centredVisibleGradient{}

func (centredVisibleGradient) String() string { return "CentredVisibleGradient" }

// SumsErrors implements ops.ErrorSum, as without centring.
func (centredVisibleGradient) SumsErrors() {}

// Ranks implements op.Formula.
func (centredVisibleGradient) Ranks() ([]int, int) { return []int{2, 1, 2, 2}, 1 }

// Shape implements op.Formula.
func (centredVisibleGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (centredVisibleGradient) Evaluate(da []float64, in []op.Array) {
	v, dF, centred, lambda, H := in[0].Data, in[1].Data, in[2].Data, in[3].Data, in[2].Shape[1]
	weights := make([]float64, in[0].Shape[0])
	copy(weights, dF)
	for r := range weights {
		weights[r] += inner(centred[r*H:(r+1)*H], lambda)
	}
	subtractRows(da, v, weights)
}

// Compile implements op.Formula.
func (centredVisibleGradient) Compile(c *op.Compiler, da []float32, in []op.Operand) func() {
	along := alongRows(c, in[2], in[3].Data)
	weights := make([]float32, in[0].Shape[0])
	return lessRows(c, da, nil, in[0], func() []float32 {
		copy(weights, along())
		for r, weight := range in[1].Data {
			weights[r] += weight
		}
		return weights
	})
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
	weights := make([]float64, in[0].Shape[0])
	for r := range weights {
		weights[r] = inner(v[r*V:(r+1)*V], mu)
		for j := range db {
			db[j] += dz[r*H+j]
		}
	}
	subtractRows(db, centred, weights)
}

// Compile implements op.Formula.
func (hiddenBiasGradient) Compile(c *op.Compiler, db []float32, in []op.Operand) func() {
	return lessRows(c, db, &in[0], in[1], alongRows(c, in[2], in[3].Data))
}

// subtractRows subtracts Σ weight·row from sum [n]: rows [R,n], weights [r], r ≤ R.
func subtractRows(sum, rows, weights []float64) {
	n := len(sum)
	for r, weight := range weights {
		for i, x := range rows[r*n : (r+1)*n] {
			sum[i] -= weight * x
		}
	}
}

// lessRows returns a function that computes Σ plain - Σ weight·y over rows: plain [R,n] or nil,
// y [R,n], weights [r], out [n].
func lessRows(c *op.Compiler, out []float32, plain *op.Operand, y op.Operand, weights func() []float32) func() {
	R, n := y.Shape[0], len(out)
	const vector = 64 // columns that fill vector registers
	columns := (max(2*op.Grain/R, 1) + vector - 1) / vector * vector
	var now []float32
	sums := c.Chunks(n, columns, func(lo, hi int) {
		if plain == nil {
			clear(out[lo:hi])
		} else {
			simd.SumRows(out[lo:hi], plain.Data[lo:], R, n)
		}
		for r, weight := range now {
			simd.AddScaled(out[lo:hi], y.Data[r*n+lo:r*n+hi], -weight)
		}
	})
	return func() {
		now = weights()
		sums()
	}
}

// alongRows returns a function that computes x·direction of each row: x [R,n], direction [n].
func alongRows(c *op.Compiler, x op.Operand, direction []float32) func() []float32 {
	R, n := x.Shape[0], len(direction)
	along := make([]float32, R)
	dots := rowwise(c, R, n, func(r int) { simd.Dots(along[r:r+1], x.Data[r*n:(r+1)*n], direction) })
	return func() []float32 {
		dots()
		return along
	}
}

func inner(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
