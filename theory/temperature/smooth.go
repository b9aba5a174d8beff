package temperature

import "math"

// PublishedWidth is the half-width in ln η by which the paper smooths.
const PublishedWidth = 0.3

// Smooth returns the states with U and S averaged over ln η by the triangular kernel
// 1 - |Δ ln η|/halfWidth. The first and the last stay as they are: they have neighbours on one
// side only, which would bend the ends. A half-width of zero smooths nothing.
func Smooth(states []State, halfWidth float64) []State {
	smooth := append([]State(nil), states...)
	for i := 1; i < len(states)-1; i++ {
		var weights, energy, entropy float64
		for _, s := range states {
			weight := 1 - math.Abs(math.Log(s.Rate/states[i].Rate))/halfWidth
			if s.Rate == states[i].Rate {
				weight = 1
			}
			if weight > 0 {
				weights += weight
				energy += weight * s.Energy
				entropy += weight * s.Entropy
			}
		}
		smooth[i].Energy, smooth[i].Entropy = energy/weights, entropy/weights
	}
	return smooth
}
