package train

import (
	"math"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/train/measure"
	"ergon/train/rundir"
)

// spectrum returns the singular values of the weights as they are, which are finite; nil if they
// cannot be told.
func (m *machine) spectrum() *rundir.Spectrum {
	if m.restricted == nil {
		return nil // its weights do not join one layer to another
	}
	const first, few = 10, 32
	values := weightsOf(m.restricted.Machine()).SingularValues()
	if len(values) == 0 {
		return nil
	}
	if len(values) > few {
		values = values[:first]
	}
	return &rundir.Spectrum{SingularValues: values, Stability: stability(m.restricted.Machine(), m.mean)}
}

func weightsOf(b boltzmann.Machine) measure.Matrix {
	return measure.Matrix{W: b.W, Rows: len(b.Visible), Cols: len(b.Hidden)}
}

// stability returns the largest singular value of D_v^½ W D_h^½. By the mean-field equations
//
//	m_v = Γ_v'(a + W m_h),  m_h = Γ_h'(b + Wᵀ m_v)
//
// a small δm_v comes back as D_v W D_h Wᵀ δm_v, D = Γ”: it grows where the largest eigenvalue
// of that, the square of the number returned, is above 1. The fields are those that the mean of
// the inputs makes. nil if a unit is several numbers, whose covariance is not diagonal.
func stability(b boltzmann.Machine, mean []float32) *float64 {
	if b.VisibleUnits.States() > 1 || b.HiddenUnits.States() > 1 {
		return nil
	}
	visible, hidden := meanFields(b, mean)
	scaled := weightsOf(b)
	scaled.Left, scaled.Right = unitDeviations(b.VisibleUnits, visible), unitDeviations(b.HiddenUnits, hidden)
	values := scaled.SingularValues()
	if len(values) == 0 {
		return nil
	}
	return &values[0]
}

// meanFields returns the fields of the hidden units b + Wᵀ m_v, where m_v is given, and those of
// the visible ones a + W m_h, where m_h is what the hidden units then do on average.
func meanFields(b boltzmann.Machine, mean []float32) (visible, hidden []float64) {
	V, H := len(b.Visible), len(b.Hidden)
	visible, hidden = make([]float64, V), make([]float64, H)
	for j, x := range b.Hidden {
		hidden[j] = float64(x)
	}
	for k, w := range b.W {
		hidden[k%H] += float64(mean[k/H]) * float64(w)
	}
	activity := make([]float64, H)
	b.HiddenUnits.Mean(activity, hidden)
	for i, x := range b.Visible {
		visible[i] = float64(x)
	}
	for k, w := range b.W {
		visible[k/H] += float64(w) * activity[k%H]
	}
	return visible, hidden
}

// unitDeviations returns the standard deviation of each unit of a row, the root of Γ”(I), by a
// central difference of Γ'.
func unitDeviations(u unit.Unit, fields []float64) []float64 {
	const step = 1e-3 // Γ'' to 1e-7
	n := len(fields)
	moved, above, below := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, f := range fields {
		moved[i] = f + step
	}
	u.Mean(above, moved)
	for i, f := range fields {
		moved[i] = f - step
	}
	u.Mean(below, moved)
	for i := range fields {
		moved[i] = math.Sqrt(max(above[i]-below[i], 0) / (2 * step))
	}
	return moved
}
