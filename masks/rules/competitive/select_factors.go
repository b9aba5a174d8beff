package competitive

import (
	"math"

	"ergon/internal/outerproduct"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Competitions of updates at batch 1: the gradient is an outer product x ⊗ δ, and the
// winners follow from its sorted factors.

// selectFromFactors decides a competition of updates from the factors of the gradient.
// It returns false, and decides nothing, if the gradient is not an outer product, is
// not finite, or the masks before this one do not keep a submatrix.
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

// aboveSmallest returns the threshold below which the k smallest entries of the products
// are, with all that tie with the k-th. It is NaN, which no entry reaches, if there are
// no more than k entries.
func (c *competition) aboveSmallest(k int) float32 {
	others := -k // entries besides the k smallest
	for _, o := range c.products {
		rows, columns := o.Competing()
		others += rows * columns
	}
	if others <= 0 {
		return float32(math.NaN())
	}
	_, above := outerproduct.KthLargest(c.products, others)
	return max(above, math.SmallestNonzeroFloat32)
}

// prefix finds the entries of a competition's products that are at least a threshold.
func (c *competition) prefix(threshold float32) {
	for _, o := range c.products {
		o.Prefix(threshold)
	}
}

// loadFactors loads the products of a competition's layers. It returns false if a
// gradient is not a finite outer product, or the candidates are not a submatrix.
func (m *competitive) loadFactors(step *masks.Step, c *competition) bool {
	for n, l := range c.layers {
		weights, biases := m.arraysOf(step, l)
		if weights == nil || !areFactors(step, weights) {
			return false // a tied layer has no weights
		}
		b, ok := blockBefore(step, weights, biases)
		if !ok {
			return false
		}
		o := c.products[n]
		if o.Load(step.Activity[l], step.Errors[l], b, biases != nil); !o.Finite() {
			return false
		}
	}
	return true
}

// arraysOf returns the arrays of a layer that take part; biases are nil if they do not.
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

// areFactors reports whether the gradient of weights is the product of the activity
// below and the errors. A convolution's gradient is a sum over positions, and the layer
// above a convolution has pooled units as inputs: their sizes differ.
func areFactors(step *masks.Step, weights *masks.Synapses) bool {
	return len(step.Activity[weights.Layer]) == weights.In && len(step.Errors[weights.Layer]) == weights.Out
}

// blockBefore returns the submatrix of a layer that the masks before this one keep. ok is
// false unless they keep a submatrix, and of the biases its columns.
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
