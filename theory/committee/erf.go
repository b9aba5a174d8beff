package committee

import "math"

// Erf is g(x) = erf(x/√2), whose averages are all arcsines (Saad & Solla 1995,
// appendix A).
type Erf struct{}

var _ Activation = Erf{}

// Value implements [Activation].
func (Erf) Value(x float64) float64 { return math.Erf(x / math.Sqrt2) }

// Slope implements [Activation]: √(2/π)·e^(-x²/2).
func (Erf) Slope(x float64) float64 { return math.Sqrt(2/math.Pi) * math.Exp(-x*x/2) }

// Active implements [Activation].
func (Erf) Active() float64 { return 1 }

// I2 implements [Activation].
func (Erf) I2(c Covariance, a, b int) float64 {
	return 2 / math.Pi * arcsine(c[a][b]/math.Sqrt((1+c[a][a])*(1+c[b][b])))
}

// I3 implements [Activation].
func (Erf) I3(c Covariance, a, b, d int) float64 {
	wide := 1 + c[a][a]
	root := math.Sqrt(wide*(1+c[d][d]) - c[a][d]*c[a][d])
	return 2 / math.Pi * (c[b][d]*wide - c[a][b]*c[a][d]) / (root * wide)
}

// I4 implements [Activation]. g'(a)g'(b) is a Gaussian weight, so that the average
// is I2 of d and e under the covariance that it leaves them, times its norm.
func (Erf) I4(c Covariance, a, b, d, e int) float64 {
	wideA, wideB, ab := 1+c[a][a], 1+c[b][b], c[a][b]
	norm := wideA*wideB - ab*ab
	left := func(d, e int) float64 { // norm times the covariance left
		return norm*c[d][e] - wideA*c[b][d]*c[b][e] - wideB*c[a][d]*c[a][e] + ab*(c[a][d]*c[b][e]+c[a][e]*c[b][d])
	}
	sine := left(d, e) / math.Sqrt((norm+left(d, d))*(norm+left(e, e)))
	return 4 / (math.Pi * math.Pi) * arcsine(sine) / math.Sqrt(norm)
}

// J2 implements [Activation].
func (Erf) J2(c Covariance, a, b int) float64 {
	return 2 / math.Pi / math.Sqrt((1+c[a][a])*(1+c[b][b])-c[a][b]*c[a][b])
}
