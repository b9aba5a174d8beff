package boltzmann

import (
	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// States returns all 2^n states of n binary units, [2^n, n]: unit i is bit i of the number of
// its state.
func States(n int) []float32 {
	states := make([]float32, n<<n)
	for k := range states {
		states[k] = float32(k / n >> (k % n) & 1)
	}
	return states
}

// DrawVisible draws rows of visible units [C,V] that feel nothing but their biases: the
// distribution of a machine whose weights are 0. The numbers are those of one step.
func (m *Model) DrawVisible(rows []float32, s philox.Stream, step uint64) {
	m.draw(rows, m.layers[1].B, s, step)
}

// DrawUniform draws rows of visible units that feel nothing at all.
func (m *Model) DrawUniform(rows []float32, s philox.Stream, step uint64) {
	m.draw(rows, make([]float32, m.InputWidth()), s, step)
}

func (m *Model) draw(rows, fields []float32, s philox.Stream, step uint64) {
	n := len(fields)
	for lo := 0; lo < len(rows); lo += n {
		unit.Sample32(m.spec.Visible, rows[lo:lo+n], fields, s, step, uint64(lo))
	}
}
