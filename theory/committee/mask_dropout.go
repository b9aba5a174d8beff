package committee

import (
	"math"

	"ergon/internal/philox"
)

// Dropout leaves each of the student's units out of a presentation, forward and
// backward, unless it is drawn with probability P. In a test all are present and
// the output is P times theirs. It is no mask on updates: the error itself is
// another one.
type Dropout struct{ P float64 }

var _ Mask = Dropout{}

// Linear implements [Mask].
func (m Dropout) Linear(i, a int) float64 { return m.together(i, a) }

// Quadratic implements [Mask].
func (m Dropout) Quadratic(i, k, a, b int) float64 { return m.together(i, k, a, b) }

// together is the chance that all these units are present: P to the number of
// different ones.
func (m Dropout) together(units ...int) float64 {
	different := 0
	for u, unit := range units {
		isNew := unit != Outside
		for _, before := range units[:u] {
			isNew = isNew && unit != before
		}
		if isNew {
			different++
		}
	}
	return math.Pow(m.P, float64(different))
}

// Share implements [Mask].
func (m Dropout) Share() float64 { return m.P }

// Decay implements [Mask]: a weight decays whether its unit is present or not.
func (Dropout) Decay() float64 { return 1 }

// Test implements [Mask].
func (m Dropout) Test() float64 { return m.P }

// Draw implements [Mask].
func (m Dropout) Draw(stream philox.Stream, step uint64, to *Drawn) {
	chances(stream, step, drawUnits, m.P, to.Present)
	copy(to.Units, to.Present)
	copy(to.Second, to.Present)
	to.Decays = true
}
