package energy

import "math"

// Minimal is the least that could have led from the initial weights to the
// present ones: each synapse going straight there (Li & van Rossum 2020, eq. 2).
type Minimal struct {
	M0 int64   // synapses that ended elsewhere than they began
	M1 float64 // Σ |w - w₀|
}

// Add adds the synapses of one array, from their initial to their present values.
func (m *Minimal) Add(initial, present []float32) {
	for i, w := range present {
		d := math.Abs(float64(w) - float64(initial[i]))
		m.M1 += d
		if d != 0 {
			m.M0++
		}
	}
}

// Ratio is an inefficiency M/Mmin, or nil where Mmin is zero: nothing was
// learned, and no factor describes what that cost.
func Ratio(m, minimal float64) *float64 {
	if minimal == 0 || math.IsNaN(m) || math.IsInf(m, 0) || math.IsNaN(minimal) || math.IsInf(minimal, 0) {
		return nil
	}
	r := m / minimal
	return &r
}
