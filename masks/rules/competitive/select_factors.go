package competitive

import (
	"math"

	"ergon/internal/outerproduct"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Competitions of updates that are an outer product: its factors decide.

// selectFromFactors decides a competition of updates that are an outer product, and
// says whether it could.
func (m *competitive) selectFromFactors(step *masks.Step, c *competition, k int) bool {
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
		least, _ := outerproduct.KthLargest(c.products, k)
		c.prefix(max(least, math.SmallestNonzeroFloat32))
	default:
		c.prefix(c.aboveSmallest(k))
	}
	for _, o := range c.products {
		o.Keep(m.flip != 0)
	}
	return true
}

// aboveSmallest returns the threshold that all but the k smallest entries of a
// competition's products reach, or fewer where some equal the k-th. NaN is what none reaches.
func (c *competition) aboveSmallest(k int) float32 {
	losers := -k
	for _, o := range c.products {
		rows, columns := o.Competing()
		losers += rows * columns
	}
	if losers <= 0 {
		return float32(math.NaN())
	}
	_, above := outerproduct.KthLargest(c.products, losers)
	return max(above, math.SmallestNonzeroFloat32)
}

// prefix notes which entries of a competition's products reach a threshold.
func (c *competition) prefix(threshold float32) {
	for _, o := range c.products {
		o.Prefix(threshold)
	}
}

// loadFactors takes the factors of the updates of a competition's synapses, and says
// whether they have any.
func (m *competitive) loadFactors(step *masks.Step, c *competition) bool {
	for n, l := range c.layers {
		weights, biases := m.arraysOf(step, l)
		b, ok := blockBefore(step, weights, biases)
		if !ok || !areFactors(step, weights) {
			return false
		}
		o := c.products[n]
		if o.Load(step.Activity[l], step.Errors[l], b, biases != nil); !o.Finite() {
			return false
		}
	}
	return true
}

// arraysOf returns the arrays of a layer that take part; biases are nil where
// they do not.
func (m *competitive) arraysOf(step *masks.Step, layer int) (weights, biases *masks.Synapses) {
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
func areFactors(step *masks.Step, weights *masks.Synapses) bool {
	return len(step.Activity[weights.Layer]) == weights.In && len(step.Errors[weights.Layer]) == weights.Out
}

// blockBefore returns the rows and columns of a layer that the masks before this
// one keep, if that is what they keep, of the biases too.
func blockBefore(step *masks.Step, weights, biases *masks.Synapses) (b submatrix.Submatrix, ok bool) {
	restricted := false
	for _, before := range step.Before {
		keepsBiases := biases == nil || before.KeepsAll(biases)
		if before.KeepsAll(weights) && keepsBiases {
			continue
		}
		block, is := before.(masks.UnitBlock)
		if !is || restricted {
			return submatrix.Submatrix{}, false
		}
		b, restricted = block.Block(weights), true
		if biases != nil && keepsBiases != (b.Columns == nil) {
			return submatrix.Submatrix{}, false
		}
	}
	return b, true
}
