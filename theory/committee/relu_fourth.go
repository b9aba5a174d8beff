package committee

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// I4 implements [Activation]: ⟨Θ(a) Θ(b) g(d) g(e)⟩. A step of a field that g
// takes as well is done by g already, and what is left decides.
func (ReLU) I4(c Covariance, a, b, d, e int) float64 {
	four := [4]int{a, b, d, e}
	var r correlations
	for x := range four {
		for y := range four {
			r[x][y] = c.correlation(four[x], four[y])
		}
		r[x][x] = 1
	}
	stepA, stepB := a != d && a != e, b != d && b != e && b != a
	scale := math.Sqrt(c[d][d] * c[e][e])
	switch {
	case stepA && stepB && d == e:
		return scale * r.square()
	case stepA && stepB:
		return scale * r.path()
	case stepA:
		return scale * r.single(0)
	case stepB:
		return scale * r.single(1)
	}
	return scale * kernel(r[2][3])
}

// correlations of the unit fields a, b, d and e of I4, in this order.
type correlations [4][4]float64

// given is the covariance of fields x and y where field on is zero.
func (r *correlations) given(on, x, y int) float64 { return r[x][y] - r[x][on]*r[y][on] }

// halfGiven is ⟨g(x)Θ(y)⟩ where field on is zero.
func (r *correlations) halfGiven(on, x, y int) float64 {
	return half(r.given(on, x, x), r.given(on, y, y), r.given(on, x, y))
}

// single is ⟨Θ(a) g(d) g(e)⟩, for the step of field a: d acts, integrated by
// parts, on the factor e and on the steps of a and d.
func (r *correlations) single(a int) float64 {
	return r[2][3]*allAbove(r[a][2], r[a][3], r[2][3]) +
		r[a][2]*density*r.halfGiven(a, 3, 2) + density*r.halfGiven(2, 3, a)
}

// square is ⟨Θ(a) Θ(b) g(d)²⟩, in the same way.
func (r *correlations) square() float64 {
	return allAbove(r[0][1], r[0][2], r[1][2]) +
		r[0][2]*density*r.halfGiven(0, 2, 1) + r[1][2]*density*r.halfGiven(1, 2, 0)
}

// path is ⟨Θ(a) Θ(b) g(d) g(e)⟩ of four fields. Where a and b do not know of d
// and e it is a product; on the way from there, along which the correlations
// between the two pairs grow as s from 0 to 1, it changes by
//
//	d/ds ⟨F⟩ = Σ r_xy ⟨∂_x ∂_y F⟩   (Price 1958; x = a, b and y = d, e),
//
// which is closed. With s = 1 - u² fields that become the same leave no root.
func (r *correlations) path() float64 {
	sum := bothAbove(r[0][1]) * kernel(r[2][3])
	for i, u := range pathNodes.at {
		at := r.weakened(1 - u*u)
		slope := 0.0
		for x := range 2 {
			for y := 2; y < 4; y++ {
				slope += r[x][y] * at.kink(x, y)
			}
		}
		sum += pathNodes.weight[i] * 2 * u * slope
	}
	return sum
}

// weakened returns the correlations with those between the pairs times s.
func (r *correlations) weakened(s float64) (weak correlations) {
	weak = *r
	for x := range 2 {
		for y := 2; y < 4; y++ {
			weak[x][y] *= s
			weak[y][x] *= s
		}
	}
	return weak
}

// kink is ⟨δ(x) Θ(p) Θ(y) g(q)⟩, where p is the other field of x's pair and q that
// of y's: with x at zero, the field q, integrated by parts, acts on three steps.
func (r *correlations) kink(x, y int) float64 {
	p, q := 1-x, 5-y
	three := [3]int{p, y, q}
	var s [3][3]float64
	for i := range three {
		for j := range i + 1 {
			s[i][j] = r.given(x, three[i], three[j])
			s[j][i] = s[i][j]
		}
	}
	sum := 0.0
	for j := range three {
		o, m := (j+1)%3, (j+2)%3
		pull := 1.0 // of q on the step of j, in deviations of q
		if j != 2 {
			pull = ratio(s[2][j], s[2][2], s[j][j])
		}
		sum += pull * bothAbove(apart(&s, j, o, m))
	}
	return density * density * math.Sqrt(max(0, s[2][2])) * sum
}

// apart is the correlation of o and m where j is zero.
func apart(s *[3][3]float64, j, o, m int) float64 {
	if s[j][j] <= rounding {
		return ratio(s[o][m], s[o][o], s[m][m])
	}
	given := func(x, y int) float64 { return s[x][y] - s[x][j]*s[y][j]/s[j][j] }
	return ratio(given(o, m), given(o, o), given(m, m))
}

// pathNodes are those of Gauss and Legendre on [0, 1].
var pathNodes = func() (nodes struct{ at, weight []float64 }) {
	const n = 16
	nodes.at, nodes.weight = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(nodes.at, nodes.weight, 0, 1)
	return nodes
}()
