package likelihood

import (
	"ergon/graph/boltzmann"
	"ergon/internal/parallel"
)

// Reconstruction is how well examples come back from the mean activity of the hidden units
// that they lead to, ĥ = Γ'(b + vᵀW). It is a monitor and no likelihood: it falls as chains
// mix worse.
type Reconstruction struct {
	// CrossEntropy is -ln p(v | ĥ) per visible unit, in nats: of binary units their
	// cross-entropy, of Gaussian ones the squared error's half and ½ ln 2π.
	CrossEntropy Mean
	// SquaredError is |v - Γ'(a + Wĥ)|² over V.
	SquaredError Mean
}

// Reconstruct returns the means over rows [n,V], n ≥ 1.
func Reconstruct(pool *parallel.Pool, m *boltzmann.Machine, rows []float32) (Reconstruction, error) {
	n, err := count(m, "rows", rows)
	if err != nil {
		return Reconstruction{}, err
	}
	entropies, squares, v := make([]float64, n), make([]float64, n), len(m.Visible)
	eachRows(pool, n, func(lo, hi int) {
		r := newReconstructor(m)
		for k := lo; k < hi; k++ {
			entropies[k], squares[k] = r.row(rows[k*v : (k+1)*v])
		}
	})
	return Reconstruction{newMean(entropies), newMean(squares)}, nil
}

type reconstructor struct {
	m               *boltzmann.Machine
	below, hidden   []float64 // fields of hidden units, and their ĥ [H]
	activity        []float32 // ĥ [H]
	v, fields, mean []float64 // [V]
}

func newReconstructor(m *boltzmann.Machine) *reconstructor {
	v, h := len(m.Visible), len(m.Hidden)
	return &reconstructor{m, make([]float64, h), make([]float64, h), make([]float32, h), make([]float64, v), make([]float64, v), make([]float64, v)}
}

// row returns both errors of one example, per unit and per number.
func (r *reconstructor) row(v []float32) (entropy, square float64) {
	r.m.HiddenFields(r.below, v)
	r.m.HiddenUnits.Mean(r.hidden, r.below)
	for j, h := range r.hidden {
		r.activity[j] = float32(h)
	}
	r.m.VisibleFields(r.fields, r.activity)
	r.m.VisibleUnits.Mean(r.mean, r.fields)
	widen(r.v, v)
	// -ln p(v|ĥ) = U(v) + Γ(I) - I·v.
	entropy = r.m.VisibleUnits.Potential(r.v) + r.m.VisibleUnits.LogPartition(r.fields)
	for i, x := range r.v {
		entropy -= float64(r.fields[i] * x)
		square += float64((x - r.mean[i]) * (x - r.mean[i]))
	}
	return entropy * float64(r.m.VisibleUnits.States()) / float64(len(v)), square / float64(len(v))
}
