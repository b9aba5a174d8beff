package masks

import "math"

// Contests of updates that are an outer product are decided by its factors.

// compareFactors decides a contest of updates that are an outer product, and
// says whether it could.
func (m *competitive) compareFactors(step *Step, c *contest, k int) bool {
	if !step.Outer || m.By != "update" || !m.loadFactors(step, c) {
		return false
	}
	switch {
	case m.Among == "neuron":
		o := m.products[c.layers[0]]
		if m.flip == 0 {
			o.reachByColumn(k)
		} else {
			o.exceedByColumn(k)
		}
	case m.flip == 0:
		least, _ := kthLargestOf(m.products, c.layers, k)
		m.reach(c, max(least, math.SmallestNonzeroFloat32))
	default:
		m.reach(c, m.leastOfLosers(c, k))
	}
	for _, l := range c.layers {
		m.products[l].keep(m.flip != 0)
	}
	return true
}

// leastOfLosers returns the threshold that all but the k smallest entries of a
// contest's products reach, or fewer where some equal the k-th. NaN is what none reaches.
func (m *competitive) leastOfLosers(c *contest, k int) float32 {
	losers := -k
	for _, l := range c.layers {
		losers += m.products[l].competing[0] * m.products[l].competing[1]
	}
	if losers <= 0 {
		return float32(math.NaN())
	}
	_, above := kthLargestOf(m.products, c.layers, losers)
	return max(above, math.SmallestNonzeroFloat32)
}

// reach notes which entries of a contest's products reach a threshold.
func (m *competitive) reach(c *contest, threshold float32) {
	for _, l := range c.layers {
		m.products[l].reach(threshold)
	}
}

// loadFactors takes the factors of the updates of a contest's synapses, and says
// whether they have any.
func (m *competitive) loadFactors(step *Step, c *contest) bool {
	for _, l := range c.layers {
		g, ok := m.gridBefore(step, l)
		if !ok || !areFactors(step, l) {
			return false
		}
		o := m.products[l]
		if o.load(step.Activity[l], step.Errors[l], g, m.Biases && hasBias(step.Arrays, l)); !o.finite() {
			return false
		}
	}
	return true
}

// areFactors says whether the gradient of a layer's weights is the product of the
// activity below and the errors. A convolution's is a sum over positions, and the
// inputs of the layer above one are its units pooled.
func areFactors(step *Step, layer int) bool {
	for _, s := range step.Arrays {
		if s.Layer == layer && !s.Bias {
			return len(step.Activity[layer]) == s.In && len(step.Errors[layer]) == s.Out
		}
	}
	return false
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
