package committee

import "ergon/internal/philox"

// Element lets each synapse change with probability P, independently: the noise
// of two units, which share their inputs, is correlated less.
type Element struct{ P float64 }

var _ Mask = Element{}

// Linear implements [Mask].
func (m Element) Linear(int, int) float64 { return m.P }

// Quadratic implements [Mask]: P for a unit with itself, P² for two.
func (m Element) Quadratic(i, k, _, _ int) float64 {
	if i == k {
		return m.P
	}
	return m.P * m.P
}

// Share implements [Mask].
func (m Element) Share() float64 { return m.P }

// Decay implements [Mask].
func (m Element) Decay() float64 { return m.P }

// Test implements [Mask].
func (Element) Test() float64 { return 1 }

// Draw implements [Mask].
func (m Element) Draw(stream philox.Stream, step uint64, to *Drawn) {
	threshold := philox.Threshold(m.P)
	for k := range to.Inputs {
		to.Inputs[k] = to.row(k)
		stream.Below(step, drawInputs+uint64(k*len(to.row(k))), threshold, to.Inputs[k])
	}
	chances(stream, step, drawSecond, m.P, to.Second)
}
