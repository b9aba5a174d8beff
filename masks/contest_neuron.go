package masks

import "slices"

// columnsPerLine is how many neurons' contests are decided together: those whose synapses,
// in every row of the weights, share a cache line.
const columnsPerLine = 16

// selectPerUnit decides the contests of the synapses onto each neuron.
func (m *competitive) selectPerUnit(step *Step, c *competition, k int) {
	if !m.allContend(step, c) {
		m.selectPerUnitAmong(step, c, k)
		return
	}
	m.keys = zeroed(m.keys, c.candidates*columnsPerLine)
	for j := 0; j < len(c.threshold); j += columnsPerLine {
		thresholds := c.threshold[j:min(j+columnsPerLine, len(c.threshold))]
		row := 0
		for _, s := range step.Arrays {
			if m.of[s.Layer] == c && !m.KeepsAll(s) {
				m.transpose(m.values(s)[j:], s.Out, m.keys[row:], c.candidates, len(thresholds))
				row += s.In
			}
		}
		for n := range thresholds {
			thresholds[n] = m.threshold(m.keys[n*c.candidates:(n+1)*c.candidates], k)
		}
	}
}

// transpose writes the keys of the first columns of values, in rows of stride numbers, to
// keys, where a column lies together and the next begins height numbers on.
func (m *competitive) transpose(values []float32, stride int, keys []uint32, height, columns int) {
	for row := 0; len(values) > 0; row++ {
		at := row
		for _, v := range values[:columns] {
			keys[at] = Key(v) ^ m.flip
			at += height
		}
		values = values[min(stride, len(values)):]
	}
}

// allContend says that no mask before this one freezes synapses of a contest.
func (m *competitive) allContend(step *Step, c *competition) bool {
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		for _, before := range step.Before {
			if !before.KeepsAll(s) {
				return false
			}
		}
	}
	return true
}

// selectPerUnitAmong is compareByNeuron where masks before this one freeze synapses.
func (m *competitive) selectPerUnitAmong(step *Step, c *competition, k int) {
	for len(m.onto) < len(c.threshold) {
		m.onto = append(m.onto, nil)
	}
	for j := range c.threshold {
		m.onto[j] = m.onto[j][:0]
	}
	m.contending(step, c, func(neuron int, key uint32) { m.onto[neuron] = append(m.onto[neuron], key) })
	for j := range c.threshold {
		c.threshold[j] = m.threshold(m.onto[j], k)
	}
}

// appendWinners appends the synapses of [lo,hi) of an array whose keys reach the
// threshold of the neuron that they lead to. It has no branch that data decide.
func (m *competitive) appendWinners(s *Synapses, lo, hi int, thresholds []uint32, kept []int32) []int32 {
	n := len(kept)
	kept = slices.Grow(kept, hi-lo)[:n+hi-lo]
	for values := m.values(s); lo < hi; {
		end := min(lo-lo%s.Out+s.Out, hi)
		limits := thresholds[lo%s.Out:][:end-lo]
		for i, v := range values[lo:end] {
			kept[n] = int32(lo + i)
			n += AtLeast(Key(v)^m.flip, limits[i])
		}
		lo = end
	}
	return kept[:n]
}

// AtLeast is 1 where a key reaches a threshold, and 0 where it does not.
func AtLeast(key, threshold uint32) int { return 1 - int((uint64(key)-uint64(threshold))>>63) }
