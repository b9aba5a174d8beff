package vonmisesfisher

import "math"

// The law exp(-U/T) on the sphere of two dimensions, U = 1 - z, is von Mises' and Fisher's of concentration
// κ = 1/T.

// energy returns ⟨U⟩ = 1 - coth κ + 1/κ.
func energy(t float64) float64 {
	if math.IsInf(t, 1) {
		return 1
	}
	return 1 - 1/math.Tanh(1/t) + t
}

// entropyOf returns S = ln(4π·sinh κ/κ) - κ·coth κ + 1, written so that large κ do not overflow.
func entropyOf(t float64) float64 {
	k := 1 / t
	lnSinh := k + math.Log1p(-math.Exp(-2*k)) - math.Ln2
	return math.Log(4*math.Pi*t) + lnSinh - k/math.Tanh(k) + 1
}
