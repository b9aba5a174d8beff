package committee

import "ergon/internal/philox"

// Column lets all synapses from an input change or none, with probability P. All
// units see the same mask, so that their noise stays correlated and time runs P
// times as fast, nothing else.
type Column struct{ P float64 }

var _ Mask = Column{}

// Linear implements [Mask].
func (m Column) Linear(int, int) float64 { return m.P }

// Quadratic implements [Mask].
func (m Column) Quadratic(int, int, int, int) float64 { return m.P }

// Share implements [Mask].
func (m Column) Share() float64 { return m.P }

// Decay implements [Mask].
func (m Column) Decay() float64 { return m.P }

// Test implements [Mask].
func (Column) Test() float64 { return 1 }

// Draw implements [Mask]. The inputs of the second layer are the hidden units.
func (m Column) Draw(stream philox.Stream, step uint64, to *Drawn) {
	shared := to.row(0)
	stream.Below(step, drawInputs, philox.Threshold(m.P), shared)
	for k := range to.Inputs {
		to.Inputs[k] = shared
	}
	chances(stream, step, drawSecond, m.P, to.Second)
}
