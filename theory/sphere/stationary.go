package sphere

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// The constants of the examples of kind up, a_i = (α·(cos θ_i, sin θ_i), β) with three θ a third of a turn
// apart. At x = (u, v, √(1-u²-v²)) the mean loss is β² + H·(u²+v²)/2.
var (
	beta2     = tilt * tilt / (1 + tilt*tilt) // β², the least loss
	alpha2    = 1 / (1 + tilt*tilt)           // α²
	curvature = alpha2 - 2*beta2              // H
	noise2    = 2 * alpha2 * beta2            // s², variance of each of two components of the gradient at the least loss
)

// stationary is the law that kind up settles to at a rate, by its moments.
type stationary struct {
	square float64 // ⟨ρ²⟩, ρ² = u²+v²
	third  float64 // ⟨ρ³ cos 3φ⟩ = ⟨u³-3uv²⟩
	fourth float64 // ⟨ρ⁴⟩
}

// excess returns U - U_min = H⟨ρ²⟩/2, to all orders in η that the moments reach.
func (s stationary) excess() float64 { return curvature * s.square / 2 }

// entropy returns that of a Gaussian with this ⟨ρ²⟩: to leading order S, whose derivative dU/dS = U - U_min
// is the temperature.
func (s stationary) entropy() float64 { return math.Log(math.Pi * math.E * s.square) }

// linearExcess is the excess of the linear model, noise of a fixed size in a parabola:
// ηs²/(2-ηH). It is the leading order in η.
func linearExcess(rate float64) float64 { return rate * noise2 / (2 - rate*curvature) }

// snr returns ⟨|ḡ|/√⟨|g-ḡ|²⟩⟩ over the law of x = ρ²/⟨ρ²⟩ and the direction φ that the moments give. To leading
// order it is e^{-x}, in all directions alike. The next terms are those that are orthogonal to it and have the
// symmetry of the examples,
//
//	e^{-x}·[1 + c·(x²-4x+2)/2 + b·x^{3/2}·cos 3φ],   c = ⟨ρ⁴⟩/2⟨ρ²⟩² - 1,   b = ⟨ρ³ cos 3φ⟩/3⟨ρ²⟩^{3/2}.
func (s stationary) snr() float64 {
	const points, directions, most = 400, 12, 16.0
	e, sum := examplesOf("up"), 0.0
	c, b := s.fourth/(2*s.square*s.square)-1, s.third/(3*math.Pow(s.square, 1.5))
	width := min(most, 1/s.square) / points
	for i := range points {
		x := (float64(i) + 0.5) * width
		rho := math.Sqrt(x * s.square)
		for k := range directions {
			phi := 2 * math.Pi * float64(k) / directions
			weight := math.Exp(-x) * (1 + c*(x*x-4*x+2)/2 + b*math.Pow(x, 1.5)*math.Cos(3*phi)) * width / directions
			sin, cos := math.Sincos(phi)
			signal, noise := e.gradients(vector{rho * cos, rho * sin, math.Sqrt(1 - rho*rho)})
			sum += weight * signal / noise
		}
	}
	return sum
}

// solve returns the stationary law at a rate. A step maps the place (u, v) to
//
//	(u', v') = [(1+2ηs²)·(u, v) - 2ηsα·(cos θ_i, sin θ_i)] / √(1+4η²s²(1-s²)),   s = x·a_i,
//
// a power series. So the mean of u'^j·v'^k, which in the stationary state is that of u^j·v^k, is a sum of
// moments: a system of linear equations, closed by leaving out moments beyond the order. A moment of
// order n is of the size η^{n/2}.
func solve(rate float64) (stationary, error) {
	scale := math.Sqrt(rate) // u, v are in units of it
	var index [order + 1][order + 1]int
	n := 0
	for degree := 1; degree <= order; degree++ {
		for j := range degree + 1 {
			index[degree-j][j] = n
			n++
		}
	}
	system, constants := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		system.Set(i, i, 1)
	}
	e := examplesOf("up")
	for _, a := range e {
		u, v := stepSeries(a, rate, scale)
		column := linear(1, 0, 0)
		for i := range order + 1 {
			moment := column
			for j := range order + 1 - i {
				if i+j > 0 {
					addEquation(system, constants, &index, index[i][j], moment, 1/float64(len(e)))
				}
				moment = moment.times(v)
			}
			column = column.times(u)
		}
	}
	var moments mat.VecDense
	if err := moments.SolveVec(system, constants); err != nil {
		return stationary{}, errors.New("the moments of the stationary state cannot be solved for")
	}
	at := func(i, j int) float64 { return moments.AtVec(index[i][j]) * math.Pow(scale, float64(i+j)) }
	return stationary{at(2, 0) + at(0, 2), at(3, 0) - 3*at(1, 2), at(4, 0) + 2*at(2, 2) + at(0, 4)}, nil
}

// addEquation subtracts the share of an example in the mean after a step from a row of 1·m - A·m = constants.
func addEquation(system *mat.Dense, constants *mat.VecDense, index *[order + 1][order + 1]int, row int, mean *series, share float64) {
	constants.SetVec(row, constants.AtVec(row)+share*mean[0][0])
	for i := range order + 1 {
		for j := range order + 1 - i {
			if i+j > 0 {
				column := index[i][j]
				system.Set(row, column, system.At(row, column)-share*mean[i][j])
			}
		}
	}
}

// stepSeries returns (u', v') after a step by example a, as series of (u, v), both in units of scale.
func stepSeries(a vector, rate, scale float64) (u, v *series) {
	one := linear(1, 0, 0)
	uu, vv := linear(0, scale, 0), linear(0, 0, scale)
	height := one.plus(-1, uu.times(uu)).plus(-1, vv.times(vv)).power(0.5, 1)
	s := linear(0, a[0]*scale, a[1]*scale).plus(a[2], height)
	s2 := s.times(s)
	norm2 := one.plus(4*rate*rate, s2.plus(-1, s2.times(s2)))
	inverse := norm2.power(-0.5, 1/math.Sqrt(norm2[0][0]))
	stretch := one.plus(2*rate, s2)
	u = uu.times(stretch).plus(-2*rate*a[0], s).times(inverse)
	v = vv.times(stretch).plus(-2*rate*a[1], s).times(inverse)
	return new(series).plus(1/scale, u), new(series).plus(1/scale, v)
}
