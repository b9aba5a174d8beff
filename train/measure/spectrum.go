package measure

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Matrix is the matrix diag(Left)·W·diag(Right).
type Matrix struct {
	W           []float32 // [Rows,Cols], row-major, finite
	Rows, Cols  int
	Left, Right []float64 // [Rows] and [Cols]; nil: all 1
}

// SingularValues returns the min(Rows, Cols) singular values, the largest first: the roots of
// the eigenvalues of the smaller of AᵀA and AAᵀ. As roots of sums of squares, the small ones
// are known to 1e-8 of the largest. nil: the iteration for the eigenvalues did not converge.
func (m Matrix) SingularValues() []float64 {
	var a mat.Matrix = m.dense()
	if m.Cols < m.Rows {
		a = a.T()
	}
	var gram mat.SymDense
	gram.SymOuterK(1, a)
	var eigen mat.EigenSym
	if !eigen.Factorize(&gram, false) {
		return nil
	}
	rising := eigen.Values(nil)
	values := make([]float64, len(rising))
	for i, x := range rising {
		values[len(values)-1-i] = math.Sqrt(max(x, 0)) // rounding can bring zeros below
	}
	return values
}

// dense returns the matrix in float64.
func (m Matrix) dense() *mat.Dense {
	a := make([]float64, len(m.W))
	for k, w := range m.W {
		a[k] = float64(w)
		if m.Left != nil {
			a[k] *= m.Left[k/m.Cols]
		}
		if m.Right != nil {
			a[k] *= m.Right[k%m.Cols]
		}
	}
	return mat.NewDense(m.Rows, m.Cols, a)
}
