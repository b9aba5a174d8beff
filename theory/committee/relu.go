package committee

import "math"

// ReLU is g(x) = max(x, 0). Its averages are chances that Gaussian fields are all
// above zero, and first moments of those: for two and three fields closed
// (I2: Cho & Saul 2009), for the four of I4 an integral over one variable.
type ReLU struct{}

var _ Activation = ReLU{}

// Value implements [Activation].
func (ReLU) Value(x float64) float64 { return max(x, 0) }

// Slope implements [Activation].
func (ReLU) Slope(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

// Active implements [Activation].
func (ReLU) Active() float64 { return 0.5 }

// I2 implements [Activation].
func (ReLU) I2(c Covariance, a, b int) float64 {
	return math.Sqrt(c[a][a]*c[b][b]) * kernel(c.correlation(a, b))
}

// I3 implements [Activation]. Integrated by parts, b acts on the step and on g.
func (ReLU) I3(c Covariance, a, b, d int) float64 {
	r := c.correlation(a, d)
	return c[a][b]*math.Sqrt((1-r*r)*c[d][d]/c[a][a])/(2*math.Pi) + c[b][d]*bothAbove(r)
}

// J2 implements [Activation].
func (ReLU) J2(c Covariance, a, b int) float64 { return bothAbove(c.correlation(a, b)) }

// kernel is ⟨g(x)g(y)⟩ of unit fields of correlation r.
func kernel(r float64) float64 {
	return (math.Sqrt(1-r*r) + r*(math.Pi/2+math.Asin(r))) / (2 * math.Pi)
}

// bothAbove is the chance that two fields of correlation r are above zero.
func bothAbove(r float64) float64 { return 0.25 + math.Asin(r)/(2*math.Pi) }

// allAbove is the same for three fields, of three correlations.
func allAbove(r, s, t float64) float64 {
	return 0.125 + (math.Asin(r)+math.Asin(s)+math.Asin(t))/(4*math.Pi)
}

// density is that of a unit field at zero.
var density = 1 / math.Sqrt(2*math.Pi)

// half is ⟨g(x)·Θ(y)⟩ for fields of the variances xx and yy and covariance xy.
func half(xx, yy, xy float64) float64 {
	deviation := math.Sqrt(max(0, xx))
	return deviation * (1 + ratio(xy, xx, yy)) * density / 2
}
