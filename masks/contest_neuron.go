package masks

import "slices"

// abreast is how many neurons' contests are decided together: those whose synapses,
// in every row of the weights, share a cache line.
const abreast = 16

// compareByNeuron decides the contests of the synapses onto each neuron.
func (m *competitive) compareByNeuron(step *Step, c *contest, k int) {
	if !m.allContend(step, c) {
		m.compareCandidates(step, c, k)
		return
	}
	m.keys = zeroed(m.keys, c.contenders*abreast)
	for j := 0; j < len(c.threshold); j += abreast {
		thresholds := c.threshold[j:min(j+abreast, len(c.threshold))]
		row := 0
		for _, s := range step.Arrays {
			if m.of[s.Layer] == c && !m.KeepsAll(s) {
				m.turn(m.values(s)[j:], s.Out, m.keys[row:], c.contenders, len(thresholds))
				row += s.In
			}
		}
		for n := range thresholds {
			thresholds[n] = m.threshold(m.keys[n*c.contenders:(n+1)*c.contenders], k)
		}
	}
}

// turn writes the keys of the first columns of values, in rows of stride numbers, to
// keys, where a column lies together and the next begins height numbers on.
func (m *competitive) turn(values []float32, stride int, keys []uint32, height, columns int) {
	for row := 0; len(values) > 0; row++ {
		at := row
		for _, v := range values[:columns] {
			keys[at] = key(v) ^ m.flip
			at += height
		}
		values = values[min(stride, len(values)):]
	}
}

// allContend says that no mask before this one freezes synapses of a contest.
func (m *competitive) allContend(step *Step, c *contest) bool {
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

// compareCandidates is compareByNeuron where masks before this one freeze synapses.
func (m *competitive) compareCandidates(step *Step, c *contest, k int) {
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
			n += wins(key(v)^m.flip, limits[i])
		}
		lo = end
	}
	return kept[:n]
}

// wins is 1 where a key reaches a threshold, and 0 where it does not.
func wins(key, threshold uint32) int { return 1 - int((uint64(key)-uint64(threshold))>>63) }
