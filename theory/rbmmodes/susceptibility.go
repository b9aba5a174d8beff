package rbmmodes

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// couplings returns the singular values s of D_v^½ W D_h^½, D_h = ¼, the largest first, and the
// unit vectors z of hidden units that belong to them.
func (m *machine) couplings(variance []float64) (s []float64, z [][]float64) {
	rows := mat.NewDense(len(m.w), len(variance), nil)
	for j, w := range m.w {
		for i, value := range w {
			rows.Set(j, i, value*math.Sqrt(variance[i])/2)
		}
	}
	var svd mat.SVD
	svd.Factorize(rows, mat.SVDThin) // of finite numbers it always succeeds
	var vectors mat.Dense
	svd.UTo(&vectors)
	s = svd.Values(nil)
	for k := range s {
		z = append(z, mat.Col(nil, k, &vectors))
	}
	return s, z
}

// susceptibility returns χ = ⟨m²⟩ - ⟨|m|⟩² of m = z·(h-½): the variance of the order parameter of
// the hidden units, as it is within one of the two phases m > 0 and m < 0. It is ¼(1-2/π) of many units
// without order, 0 when all are saturated, and has its peak where they order.
func (l *law) susceptibility(z []float64) float64 {
	size, square := 0.0, 0.0
	for s, p := range l.p {
		m := 0.0
		for j, value := range z {
			m += value * deviation(s, j)
		}
		size += p * math.Abs(m)
		square += p * m * m
	}
	return square - size*size
}

// rankOnePeak returns the s at which χ peaks in machines with one mode alone,
//
//	D_v^½ W D_h^½ = s·x zᵀ.
//
// It is where a machine of this size orders whose hidden units take part in the mode by z.
func (d *data) rankOnePeak(x, z []float64) float64 {
	m := newMachine(d, len(z))
	l := newLaw(len(x), len(z))
	chi := func(s float64) float64 {
		for j, w := range m.w {
			for i := range w {
				w[i] = 2 * s * x[i] * z[j] / math.Sqrt(d.variance[i])
			}
		}
		l.set(m)
		return l.susceptibility(z)
	}
	const first, last, steps = 0.5, 3, 50
	grid, values := make([]float64, steps+1), make([]float64, steps+1)
	for i := range grid {
		grid[i] = first + (last-first)*float64(i)/steps
		values[i] = chi(grid[i])
	}
	return interpolate(grid, peakOf(values))
}

// leastPeak is the least χ that is no rounding error: a single hidden unit has none.
const leastPeak = 1e-9

// peakOf returns the place, between two values, of the largest before they fall by a tenth of it. NaN if
// they fall from the first, or do not fall.
func peakOf(values []float64) float64 {
	top := 0
	for i, value := range values {
		switch {
		case value > values[top]:
			top = i
		case value < 0.9*values[top] && (top == 0 || values[top] < leastPeak):
			return math.NaN()
		case value < 0.9*values[top]:
			return float64(top) + vertex(values, top)
		}
	}
	return math.NaN()
}

// vertex returns by how much the parabola through three neighbouring values has its vertex
// beyond the middle one.
func vertex(values []float64, middle int) float64 {
	a, b, c := values[middle-1], values[middle], values[middle+1]
	if bend := a - 2*b + c; bend != 0 {
		return (a - c) / (2 * bend)
	}
	return 0
}

// interpolate returns values at a number between those of two of them.
func interpolate(values []float64, at float64) float64 {
	if math.IsNaN(at) {
		return at
	}
	low := min(int(at), len(values)-2)
	part := at - float64(low)
	return (1-part)*values[low] + part*values[low+1]
}
