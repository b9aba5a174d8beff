package temperature

import "math"

// Along returns T = dU/dS along a run that has not settled, from its energies and entropies at
// successive times: the difference of the neighbours on both sides,
//
//	T_i = (U_{i+1} - U_{i-1})/(S_{i+1} - S_{i-1}).
//
// It is NaN at both ends, where a neighbour is not known (NaN), and where U and S do not rise or fall
// together.
func Along(energy, entropy []float64) []float64 {
	t := make([]float64, len(energy))
	for i := range t {
		t[i] = math.NaN()
		if i == 0 || i == len(t)-1 {
			continue
		}
		slope := (energy[i+1] - energy[i-1]) / (entropy[i+1] - entropy[i-1])
		if slope > 0 && !math.IsInf(slope, 0) {
			t[i] = slope
		}
	}
	return t
}
