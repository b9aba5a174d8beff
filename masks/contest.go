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
		return 0
	}
	return kthLargest(keys, k)
}

// anyNeuron stands for the synapses of all neurons.
const anyNeuron = -1

// contending returns the keys of a contest's synapses, or of those onto one
// neuron, as far as the masks before this one keep them.
func (m *competitive) contending(step *Step, c *contest, neuron int) []uint32 {
	m.keys = m.keys[:0]
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		if len(step.Before) > 0 {
			for _, i := range m.candidates(step, s) {
				if neuron == anyNeuron || int(i)%s.Out == neuron {
					m.keys = append(m.keys, key(values[i])^m.flip)
				}
			}
			continue
		}
		first, stride := 0, 1
		if neuron != anyNeuron {
			first, stride = neuron, s.Out
		}
		for i := first; i < len(values); i += stride {
			m.keys = append(m.keys, key(values[i])^m.flip)
		}
	}
	return m.keys
}

// candidates returns the synapses of an array that the masks before this one keep.
func (m *competitive) candidates(step *Step, s *Synapses) []int32 {
	kept := selectAll(0, len(s.Weights), m.kept[0][:0])
	for _, before := range step.Before {
		if !before.KeepsAll(s) {
			m.kept[1] = before.Select(s, 0, len(s.Weights), m.kept[1][:0])
			kept = intersect(kept, m.kept[1])
		}
	}
	m.kept[0] = kept
	return kept
}

// compareFactors decides a contest of updates that are an outer product, and
// says whether it could.
func (m *competitive) compareFactors(step *Step, c *contest, k int) bool {
	if !step.Outer || m.By != "update" || m.Order != "largest" {
		return false
	}
	for _, l := range c.layers {
		g, ok := m.gridBefore(step, l)
		if !ok {
			return false
		}
		m.products[l].load(step.Activity[l], step.Errors[l], g, m.Biases && hasBias(step.Arrays, l))
	}
	threshold := kthLargestOf(m.products, c.layers, k)
	for _, l := range c.layers {
		m.products[l].keep(threshold)
	}
	return true
}

// gridBefore returns the rows and columns of a layer that the masks before this
// one keep, if that is what they keep, of the biases too.
func (m *competitive) gridBefore(step *Step, layer int) (g grid, ok bool) {
	weights := &Synapses{Layer: layer}
	biases := &Synapses{Layer: layer, Bias: true}
	restricted := false
	for _, before := range step.Before {
		keepsBiases := !m.Biases || before.KeepsAll(biases)
		if before.KeepsAll(weights) && keepsBiases {
			continue
		}
		gridded, is := before.(interface{ grid(layer int) grid })
		if !is || restricted {
			return grid{}, false
		}
		g, restricted = gridded.grid(layer), true
		if m.Biases && keepsBiases != (g.post == nil) {
			return grid{}, false
		}
	}
	return g, true
}

func hasBias(arrays []*Synapses, layer int) bool {
	for _, s := range arrays {
		if s.Layer == layer && s.Bias {
			return true
		}
	}
	return false
}

var errNotPresented = errors.New("masks: competition by activity or error needs Updater.Present before Step")

// compareNeurons decides a contest of a layer's neurons.
func (m *competitive) compareNeurons(step *Step, c *contest, k int) error {
	if len(step.Errors) == 0 {
		return errNotPresented
	}
	l := c.layers[0]
	values := step.Errors[l]
	if m.By == "activity" {
		values = step.Activity[l+1]
	}
	m.keys = m.keys[:0]
	for j := range c.contenders {
		sum := 0.0
		for i := j; i < len(values); i += c.contenders {
			sum += math.Abs(float64(values[i]))
		}
		m.keys = append(m.keys, key(float32(sum))^m.flip)
	}
	threshold := m.threshold(append([]uint32(nil), m.keys...), k)
	c.neurons = c.neurons[:0]
	for j, v := range m.keys {
		if v >= threshold {
			c.neurons = append(c.neurons, int32(j))
		}
	}
	return nil
}
