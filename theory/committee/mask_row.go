package committee

import "ergon/internal/philox"

// Row lets all synapses onto a unit change or none, with probability P. Over many
// steps it does what [Element] does: their expectations are the same.
type Row struct{ P float64 }

var _ Mask = Row{}

// Linear implements [Mask].
func (m Row) Linear(int, int) float64 { return m.P }

// Quadratic implements [Mask].
func (m Row) Quadratic(i, k, a, b int) float64 { return Element(m).Quadratic(i, k, a, b) }

// Share implements [Mask].
func (m Row) Share() float64 { return m.P }

// Decay implements [Mask].
func (m Row) Decay() float64 { return m.P }

// Test implements [Mask].
func (Row) Test() float64 { return 1 }

// Draw implements [Mask]. The second layer is the row of one unit, the output.
func (m Row) Draw(stream philox.Stream, step uint64, to *Drawn) {
	chances(stream, step, drawUnits, m.P, to.Units)
	chances(stream, step, drawSecond, m.P, to.Second[:1])
	for k := range to.Second {
		to.Second[k] = to.Second[0]
	}
}
