package committee

import (
	"ergon/internal/philox"
	"ergon/internal/tails"
)

// TopNeuron lets change, onto each unit, the share P of its synapses whose updates are
// the largest. All updates of a unit have the same δ, so that those of the largest |x| win
// in all units: time runs A(c) times as fast, P(c) = P, and nothing else.
type TopNeuron struct {
	P    float64
	tail tails.Tail
}

var _ Selecting = TopNeuron{}

// NewTopNeuron returns the competition with the share p of winners.
func NewTopNeuron(p float64) TopNeuron {
	_, tail := tails.Largest(p)
	return TopNeuron{P: p, tail: tail}
}

// Linear implements [Mask]: ⟨x²⟩ of the winners, which the mean gradient takes.
func (m TopNeuron) Linear(int, int) float64 { return m.tail.Square }

// Quadratic implements [Mask]: the same, as the units share their winners.
func (m TopNeuron) Quadratic(int, int, int, int) float64 { return m.tail.Square }

// Share implements [Mask].
func (m TopNeuron) Share() float64 { return m.P }

// Decay implements [Mask].
func (m TopNeuron) Decay() float64 { return m.P }

// Test implements [Mask].
func (TopNeuron) Test() float64 { return 1 }

// Draw implements [Mask].
func (TopNeuron) Draw(philox.Stream, uint64, *Drawn) {}

// Select implements [Selecting]: ⌊P·N⌋ synapses win.
func (m TopNeuron) Select(x, _ []float64, to *Drawn) {
	to.compete(m.P, x, []float64{1})
	for k := range to.Inputs {
		to.Inputs[k] = to.row(0)
	}
}
