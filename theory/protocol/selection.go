package protocol

import (
	"math"

	"ergon/theory"
)

// moments say what selecting some synapses does to the dynamics, v being the variance of δ:
// the clock a, by which e falls as fast as without selection; the share p that changes; and b,
// their mean |δx| over √v.
type moments struct{ clock, share, size float64 }

// randomly is a mask that keeps each synapse with probability share: a = p, b = p·2/π.
func randomly(share float64) moments { return moments{share, share, share * 2 / math.Pi} }

// beyond is a selection of those that exceed a threshold of c standard deviations: |x| > c
// of a synapse's input, or |δ| > c√v of the error. With the normal density φ and tail Q
//
//	a = ⟨z²; |z| > c⟩ = 2(cφ + Q),   p = 2Q,   b = ⟨|z|; |z| > c⟩·⟨|z'|⟩ = 2φ·√(2/π).
func beyond(c float64) moments {
	share := math.Erfc(c / math.Sqrt2)
	density := density(c)
	return moments{2*c*density + share, share, 2 * density * theory.MeanAbsNormal}
}

// threshold is the c beyond which lies a share of a normal variable's absolute values.
func threshold(share float64) float64 { return math.Sqrt2 * math.Erfcinv(share) }

// density of N(0,1).
func density(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
