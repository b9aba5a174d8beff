package competitive

import (
	"slices"

	"ergon/internal/selection"
	"ergon/masks"
)

// selectPerUnit decides, for each neuron, the competition among the synapses onto it.
func (m *competitive) selectPerUnit(c *competition, k int, all bool) {
	if all {
		m.columns.Thresholds(m.values, m.flip, k, m.least(), c.threshold)
		return
	}
	for len(m.unitKeys) < len(c.threshold) {
		m.unitKeys = append(m.unitKeys, nil)
	}
	for j := range c.threshold {
		m.unitKeys[j] = m.unitKeys[j][:0]
	}
	for n := range m.arrays {
		f := &m.arrays[n]
		f.each(func(i int) { m.unitKeys[i%f.Out] = append(m.unitKeys[i%f.Out], selection.Key(f.values[i])^m.flip) })
	}
	for j := range c.threshold {
		c.threshold[j] = selection.Threshold(m.unitKeys[j], quota(c.share, c.onto[j]), m.least())
	}
}

// appendWinners appends the synapses of [lo,hi) of an array whose key is at least the
// threshold of their postsynaptic neuron. It has no data-dependent branch.
func (m *competitive) appendWinners(s *masks.Synapses, lo, hi int, thresholds []uint32, kept []int32) []int32 {
	n := len(kept)
	kept = slices.Grow(kept, hi-lo)[:n+hi-lo]
	for values := m.compared(s); lo < hi; {
		end := min(lo-lo%s.Out+s.Out, hi)
		limits := thresholds[lo%s.Out:][:end-lo]
		for i, v := range values[lo:end] {
			kept[n] = int32(lo + i)
			n += selection.AtLeast(selection.Key(v)^m.flip, limits[i])
		}
		lo = end
	}
	return kept[:n]
}
