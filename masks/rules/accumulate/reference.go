package accumulate

import (
	"math"

	"ergon/masks"
)

// mixedPrecision is the definition of a MixedPrecision with hidden χ, one formula after the other.
type mixedPrecision struct {
	*MixedPrecision
	accumulators
	roundedFactors
}

var (
	_ masks.Accumulator    = (*mixedPrecision)(nil)
	_ masks.GradientFormer = (*mixedPrecision)(nil)
)

// WriteOut implements WrittenOut.
func (c *MixedPrecision) WriteOut(all []*masks.Synapses) masks.Memory {
	if c.Epsilon == 0 || c.Visible {
		return c.New(all, nil)
	}
	return &mixedPrecision{c, newAccumulators(all, c.TransferEvery, c.Rows), newRoundedFactors(c.Levels, all)}
}

// Consolidate implements Memory.
func (m *mixedPrecision) Consolidate(presentations int, changes []masks.Change) {
	if !m.begin(presentations, changes) {
		return
	}
	epsilon := m.step()
	for a, s := range m.all {
		for i, chi := range m.chi[a] {
			n := math.Trunc(float64(chi) / epsilon)
			if n == 0 || !m.includes(s, i) {
				continue
			}
			step := float32(n * epsilon)
			if m.Residue == "written" {
				step = chi
			}
			before := s.Weights[i]
			s.Weights[i] = before + step
			m.chi[a][i] = chi - step
			m.writes.Add(a, i)
			change := masks.Consolidation{M0: 1, M1: math.Abs(float64(step))}
			if s.Weights[i] != before {
				change.Stored = 1
			}
			m.consolidations[s.Layer].Add(change)
		}
	}
}
