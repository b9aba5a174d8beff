package masks

import (
	"errors"
	"math"
)

// How the contests of a competitive mask are decided.

// values returns what is compared of an array of synapses.
func (m *competitive) values(s *Synapses) []float32 {
	if m.By == "weight" {
		return s.Weights
	}
	return s.Gradient
}

// threshold returns the key that the k largest of keys reach; it overwrites them.
func (m *competitive) threshold(keys []uint32, k int) uint32 {
	if k >= len(keys) {
		return m.least()
	}
	return max(kthLargest(keys, k), m.least())
}

// least returns the least key that may win. Who has no update to make cannot
// have one of the largest, also where an optimizer remembers earlier ones.
func (m *competitive) least() uint32 {
	if m.By == "update" && m.Order == "largest" {
		return 1
	}
	return 0
}

// write has the gradients of a contest's synapses written out.
func (m *competitive) write(step *Step, c *competition) error {
	for _, s := range step.Arrays {
		if m.of[s.Layer] == c {
			if err := s.Write(); err != nil {
				return err
			}
		}
	}
	return nil
}

// selectAll decides a contest of all synapses of its layers.
func (m *competitive) selectAll(step *Step, c *competition, k int) {
	if m.selectBySample(step, c, k) {
		return
	}
	m.keys = m.keys[:0]
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		candidates, all := m.candidates(step, s)
		if all { // without a call for each synapse: this is most of the rule's time
			for _, v := range values {
				m.keys = append(m.keys, Key(v)^m.flip)
			}
			continue
		}
		for _, i := range candidates {
			m.keys = append(m.keys, Key(values[i])^m.flip)
		}
	}
	c.threshold[0] = m.threshold(m.keys, k)
}

// contending calls take with the neuron and the key of each synapse of a
// contest that the masks before this one keep.
func (m *competitive) contending(step *Step, c *competition, take func(neuron int, key uint32)) {
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		candidates, all := m.candidates(step, s)
		if all {
			for i, v := range values {
				take(i%s.Out, Key(v)^m.flip)
			}
			continue
		}
		for _, i := range candidates {
			take(int(i)%s.Out, Key(values[i])^m.flip)
		}
	}
}

// candidates returns the synapses of an array that the masks before this one
// keep, or that it is all of them.
func (m *competitive) candidates(step *Step, s *Synapses) (kept []int32, all bool) {
	all = true
	for _, before := range step.Before {
		switch {
		case before.KeepsAll(s):
		case all:
			m.kept[0] = before.Select(s, 0, len(s.Weights), m.kept[0][:0])
			kept, all = m.kept[0], false
		default:
			m.kept[1] = before.Select(s, 0, len(s.Weights), m.kept[1][:0])
			kept = Intersect(kept, m.kept[1])
		}
	}
	return kept, all
}

var errNotPresented = errors.New("masks: competition by activity or error needs Updater.Present before Step")

// selectUnits decides a contest of a layer's neurons. One onto which the
// masks before this one let no synapse change has lost.
func (m *competitive) selectUnits(step *Step, c *competition, k int) error {
	if len(step.Errors) == 0 {
		return errNotPresented
	}
	l := c.layers[0]
	values := step.Errors[l]
	if m.By == "activity" {
		values = step.Activity[l+1]
	}
	m.plastic = zeroed(m.plastic, c.candidates)
	m.contending(step, c, func(neuron int, _ uint32) { m.plastic[neuron] = true })
	m.neurons, m.keys = m.neurons[:0], m.keys[:0]
	for j := range c.candidates {
		if !m.plastic[j] {
			continue
		}
		sum := 0.0
		for i := j; i < len(values); i += c.candidates {
			sum += math.Abs(float64(values[i]))
		}
		m.neurons = append(m.neurons, Key(float32(sum))^m.flip)
	}
	m.keys = append(m.keys, m.neurons...)
	threshold := m.threshold(m.keys, k)
	c.neurons = c.neurons[:0]
	n := 0
	for j, plastic := range m.plastic {
		if !plastic {
			continue
		}
		if m.neurons[n] >= threshold {
			c.neurons = append(c.neurons, int32(j))
		}
		n++
	}
	return nil
}
