package committee

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/tails"
)

// TopLayer lets change the share P of the layer's synapses whose updates |δ_k·x| in the
// step are the largest: units of large errors win more of them. In the limit of many inputs
// those above a bound κ win, which follows in each step from
//
//	1/K Σ_k P(κ/|δ_k|) = P.
type TopLayer struct {
	byFields
	P   float64
	cut float64 // of a unit that competes alone
}

var _ Cutting = TopLayer{}

// NewTopLayer returns the competition with the share p of winners.
func NewTopLayer(p float64) TopLayer {
	cut, _ := tails.Largest(p)
	return TopLayer{P: p, cut: cut}
}

// Share implements [Mask].
func (m TopLayer) Share() float64 { return m.P }

// Cuts implements [Cutting]: κ by Newton's method in ln κ, within bounds that each step
// narrows. The bound is at least that of the least error, if it were that of all units, and
// at most that of the largest. A unit without error never wins.
func (m TopLayer) Cuts(errors, cuts []float64) {
	least, most := math.Inf(1), 0.0
	for k, err := range errors {
		cuts[k] = math.Abs(err) // until κ is known
		least, most = min(least, cuts[k]), max(most, cuts[k])
	}
	kappa := m.bound(cuts, m.cut*least, m.cut*most)
	for k, size := range cuts {
		cuts[k] = kappa / size
		if size == 0 {
			cuts[k] = math.Inf(1)
		}
	}
}

// bound returns κ for the sizes of the errors, between low and high.
func (m TopLayer) bound(sizes []float64, low, high float64) float64 {
	kappa := (low + high) / 2
	for range 100 {
		if high-low <= 1e-10*high {
			break
		}
		excess, slope := -m.P*float64(len(sizes)), 0.0 // slope: -dP/d ln κ
		for _, size := range sizes {
			if size > 0 {
				tail := tails.Beyond(kappa / size)
				excess, slope = excess+tail.Share, slope+kappa/size*tail.Size
			}
		}
		if excess > 0 {
			low = kappa
		} else {
			high = kappa
		}
		next := kappa * math.Exp(min(2, max(-2, excess/slope)))
		if math.Abs(next-kappa) <= 1e-10*kappa {
			break
		}
		if kappa = next; !(low < kappa && kappa < high) {
			kappa = (low + high) / 2
		}
	}
	return kappa
}

// Select implements [Selecting]: ⌊P·K·N⌋ synapses win.
func (m TopLayer) Select(x, errors []float64, to *Drawn) {
	to.compete(m.P, x, errors)
	for k := range to.Inputs {
		to.Inputs[k] = to.row(k)
	}
}

// byFields is what masks that cut have in common: no constants.
type byFields struct{}

// Linear implements [Mask].
func (byFields) Linear(int, int) float64 { return math.NaN() }

// Quadratic implements [Mask].
func (byFields) Quadratic(int, int, int, int) float64 { return math.NaN() }

// Share implements [Mask].
func (byFields) Share() float64 { return math.NaN() }

// Decay implements [Mask].
func (byFields) Decay() float64 { return math.NaN() }

// Test implements [Mask].
func (byFields) Test() float64 { return 1 }

// Draw implements [Mask].
func (byFields) Draw(philox.Stream, uint64, *Drawn) {}
