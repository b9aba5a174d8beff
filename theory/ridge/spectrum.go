package ridge

import (
	"math"

	"ergon/theory"
)

// marchenkoPastur is the law of the eigenvalues of XᵀX/d, X the n = αd examples of
// d inputs N(0,1), for large d; the number is α. Its density is
//
//	ρ(x) = √((x₊-x)(x-x₋))/(2πx),   x± = (1 ± √α)²,
//
// and where examples are fewer than inputs, 1-α of the eigenvalues are zero.
type marchenkoPastur float64

// edges returns x₋ and x₊, between which ρ is not zero.
func (m marchenkoPastur) edges() (low, high float64) {
	root := math.Sqrt(float64(m))
	return (1 - root) * (1 - root), (1 + root) * (1 + root)
}

// zeros returns the share of eigenvalues that are zero.
func (m marchenkoPastur) zeros() float64 { return max(0, 1-float64(m)) }

// resolvent returns S = ⟨1/(x-z)⟩ over all eigenvalues, for z outside the spectrum
// or at x₋ or x₊: the root of z·S² + (1-α+z)·S + 1 = 0 that vanishes far away.
func (m marchenkoPastur) resolvent(z float64) float64 {
	low, high := m.edges()
	a := float64(m) - 1 - z
	root := math.Sqrt(max(0, (z-low)*(z-high)))
	if z <= low {
		root = -root
	}
	if a*root > 0 { // the same root, by the expression that loses no digits
		return (a + root) / (2 * z)
	}
	return 2 / (a - root)
}

// resolventSquared returns ⟨1/(x-z)²⟩ for z outside the spectrum, from the
// derivative of resolvent's equation.
func (m marchenkoPastur) resolventSquared(z float64) float64 {
	s := m.resolvent(z)
	return -s * (s + 1) / (2*z*s + 1 - float64(m) + z)
}

// eigenvalues returns zero and n others, with which the mean of every polynomial of
// degree up to 2n is exact. With x = 1 + α + 2√α·cos θ the density is
// (2α/π)·sin²θ/x dθ, for which the trapezoidal rule is Gauss and Chebyshev's. What its
// weights lack of 1 is given to zero. So the rule only has to integrate [P(x) - P(0)]/x of
// a polynomial P, and α near 1, where ρ peaks at zero, needs no special case.
func (m marchenkoPastur) eigenvalues(n int) theory.Quadrature {
	e := theory.Quadrature{X: make([]float64, n+1), Weight: make([]float64, n+1)}
	low, _ := m.edges()
	e.Weight[0] = 1
	for i := n; i > 0; i-- {
		sin, cos := math.Sincos(float64(i) * math.Pi / float64(2*(n+1))) // of θ/2
		e.X[i] = low + 4*math.Sqrt(float64(m))*cos*cos
		e.Weight[i] = 8 * float64(m) * sin * sin * cos * cos / (e.X[i] * float64(n+1))
		e.Weight[0] -= e.Weight[i]
	}
	return e
}
