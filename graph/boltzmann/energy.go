package boltzmann

import "ergon/internal/simd"

// HiddenFields writes b + vᵀW, the fields [H] that hidden units feel under v [V]. Sums are
// in float64, visible unit after visible unit; those that are 0 cost nothing.
func (m *Machine) HiddenFields(fields []float64, v []float32) {
	fields = fields[:len(m.Hidden)]
	widen(fields, m.Hidden)
	for i, x := range v {
		if x != 0 {
			simd.Axpy(fields, m.W[i*len(fields):(i+1)*len(fields)], x)
		}
	}
}

// VisibleFields writes a + W h, the fields [V] that visible units feel under h [H].
func (m *Machine) VisibleFields(fields []float64, h []float32) {
	fields = fields[:len(m.Visible)]
	for i := range fields {
		sum := float64(m.Visible[i])
		for j, w := range m.W[i*len(h) : (i+1)*len(h)] {
			sum += float64(float64(w) * float64(h[j]))
		}
		fields[i] = sum
	}
}

// Energy returns E(v, h) of v [V] and h [H], in nats. It is the definition.
func (m *Machine) Energy(v, h []float32) float64 {
	fields := make([]float64, len(m.Visible)) // a + W h
	m.VisibleFields(fields, h)
	return m.VisibleUnits.Potential(wide(v)) + m.HiddenUnits.Potential(wide(h)) - dot(fields, v) - dot(wide(m.Hidden), h)
}

// FreeEnergy returns F(v) = -ln ∫ dh e^-E(v,h) of v [V], in nats:
//
//	F(v) = Σ U(v) - a·v - Σ Γ(b + vᵀW),
//
// so that p(v) = e^-F(v) / Z.
func (m *Machine) FreeEnergy(v []float32) float64 {
	f := make([]float64, 1)
	m.FreeEnergies(f, v)
	return f[0]
}

// FreeEnergies writes to f [n] what FreeEnergy returns of each row of v [n,V].
func (m *Machine) FreeEnergies(f []float64, v []float32) {
	row, fields := make([]float64, len(m.Visible)), make([]float64, len(m.Hidden))
	for k := range f {
		x := v[k*len(row) : (k+1)*len(row)]
		widen(row, x)
		m.HiddenFields(fields, x)
		f[k] = m.VisibleUnits.Potential(row) - dot(row, m.Visible) - m.HiddenUnits.LogPartition(fields)
	}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	widen(y, x)
	return y
}

func widen(dst []float64, x []float32) {
	for i, v := range x {
		dst[i] = float64(v)
	}
}

func dot(x []float64, y []float32) (sum float64) {
	for i, v := range y {
		sum += float64(x[i] * float64(v))
	}
	return sum
}
