package masks

import "math"

// Contests of updates that are an outer product are decided by its factors.

// selectFromFactors decides a contest of updates that are an outer product, and
// says whether it could.
func (m *competitive) selectFromFactors(step *Step, c *competition, k int) bool {
	if !step.Outer || m.By != "update" || !m.loadFactors(step, c) {
		return false
	}
	switch {
	case m.Among == "neuron":
		if o := c.products[0]; m.flip == 0 {
			o.TopOfColumns(k)
		} else {
			o.AboveColumns(k)
		}
	case m.flip == 0:
		least, _ := kthLargestOf(c.products, k)
		c.reach(max(least, math.SmallestNonzeroFloat32))
	default:
		c.reach(c.leastOfLosers(k))
	}
	for _, o := range c.products {
		o.keep(m.flip != 0)
	}
	return true
}

// leastOfLosers returns the threshold that all but the k smallest entries of a
// contest's products reach, or fewer where some equal the k-th. NaN is what none reaches.
func (c *competition) leastOfLosers(k int) float32 {
	losers := -k
	for _, o := range c.products {
		losers += o.competing[0] * o.competing[1]
	}
	if losers <= 0 {
		return float32(math.NaN())
	}
	_, above := kthLargestOf(c.products, losers)
	return max(above, math.SmallestNonzeroFloat32)
}

// reach notes which entries of a contest's products reach a threshold.
func (c *competition) reach(threshold float32) {
	for _, o := range c.products {
		o.Prefix(threshold)
	}
}

// loadFactors takes the factors of the updates of a contest's synapses, and says
// whether they have any.
func (m *competitive) loadFactors(step *Step, c *competition) bool {
	for n, l := range c.layers {
		weights, biases := m.contendersOf(step, l)
		g, ok := gridBefore(step, weights, biases)
		if !ok || !areFactors(step, weights) {
			return false
		}
		o := c.products[n]
		if o.load(step.Activity[l], step.Errors[l], g, biases != nil); !o.finite() {
			return false
		}
	}
	return true
}

// contendersOf returns the arrays of a layer that take part; biases are nil where
// they do not.
func (m *competitive) contendersOf(step *Step, layer int) (weights, biases *Synapses) {
	for _, s := range step.Arrays {
		switch {
		case s.Layer != layer:
		case !s.Bias:
			weights = s
		case m.Biases:
			biases = s
		}
	}
	return weights, biases
}

// areFactors says whether the gradient of weights is the product of the activity below
// and the errors. A convolution's is a sum over positions, and the inputs of the layer
// above one are its units pooled.
func areFactors(step *Step, weights *Synapses) bool {
	return len(step.Activity[weights.Layer]) == weights.In && len(step.Errors[weights.Layer]) == weights.Out
}

// gridBefore returns the rows and columns of a layer that the masks before this
// one keep, if that is what they keep, of the biases too.
func gridBefore(step *Step, weights, biases *Synapses) (g Submatrix, ok bool) {
	restricted := false
	for _, before := range step.Before {
		keepsBiases := biases == nil || before.KeepsAll(biases)
		if before.KeepsAll(weights) && keepsBiases {
			continue
		}
		gridded, is := before.(interface{ grid(layer int) Submatrix })
		if !is || restricted {
			return Submatrix{}, false
		}
		g, restricted = gridded.grid(weights.Layer), true
		if biases != nil && keepsBiases != (g.Columns == nil) {
			return Submatrix{}, false
		}
	}
	return g, true
}
