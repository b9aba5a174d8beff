package committee

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Covariance is that of the fields of all units, [K+M][K+M], the student's first:
// Q, R and the teacher's own overlaps T. It is symmetric.
type Covariance [][]float64

// newCovariance returns the covariance of n fields, all zero.
func newCovariance(n int) Covariance {
	c := make(Covariance, n)
	for a := range c {
		c[a] = make([]float64, n)
	}
	return c
}

// fill enters the overlaps of a student with a teacher of overlaps t.
func (c Covariance) fill(s State, t [][]float64) {
	k := len(s.Q)
	for i := range s.Q {
		copy(c[i], s.Q[i])
		copy(c[i][k:], s.R[i])
		for n, r := range s.R[i] {
			c[k+n][i] = r
		}
	}
	for n := range t {
		copy(c[k+n][k:], t[n])
	}
}

// correlation of two fields, 0 where one of them does not fluctuate.
func (c Covariance) correlation(a, b int) float64 {
	if one, other := c[a][a], c[b][b]; one > 0 && other > 0 {
		return min(1, max(-1, c[a][b]/math.Sqrt(one*other)))
	}
	return 0
}

// rounding is the variance of what is left of a unit field, where all of it is
// known, by the rounding of a float64.
const rounding = 1e-14

// ratio is covariance/√(one·other), within ±1 whatever rounding says, and 0 where
// nothing but rounding is left of a variance.
func ratio(covariance, one, other float64) float64 {
	if one <= rounding || other <= rounding {
		return 0
	}
	return min(1, max(-1, covariance/math.Sqrt(one*other)))
}

// Root returns the symmetric root of the covariance and its least eigenvalue: no
// weights have overlaps whose eigenvalues are below zero. Values below zero, as
// rounding leaves them, count as zero in the root.
func (c Covariance) Root() (root Covariance, least float64) {
	n := len(c)
	m := mat.NewSymDense(n, nil)
	for a := range n {
		for b := a; b < n; b++ {
			m.SetSym(a, b, c[a][b])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(m, true) {
		return nil, math.NaN()
	}
	var v mat.Dense
	e.VectorsTo(&v)
	values := e.Values(nil)
	root = newCovariance(n)
	for a := range n {
		for b := range n {
			for j, value := range values {
				root[a][b] += v.At(a, j) * math.Sqrt(max(0, value)) * v.At(b, j)
			}
		}
	}
	return root, values[0]
}
