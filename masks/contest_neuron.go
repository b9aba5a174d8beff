package masks

// compareByNeuron decides the contests of the synapses onto each neuron.
func (m *competitive) compareByNeuron(step *Step, c *contest, k int) {
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
