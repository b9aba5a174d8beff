package caching

import "math"

// setThresholds finds the units of a chunk whose max|s|, or Σ|s|, has reached θ. It sets
// the threshold of their synapses to 0, and that of the others to +Inf.
func (m *synaptic) setThresholds(c *chunk) {
	clear(c.reached)
	for _, rows := range c.rows {
		w, l := m.all[rows.array].Weights, m.permanent[rows.array]
		for lo := rows.first; lo < rows.end; lo += rows.stride {
			if m.Variant == "neuron_sum" {
				addMagnitudes(c.reached, w[lo:lo+rows.width], l[lo:lo+rows.width])
			} else {
				maxMagnitudes(c.reached, w[lo:lo+rows.width], l[lo:lo+rows.width])
			}
		}
	}
	for j, reached := range c.reached {
		c.threshold[j] = float32(math.Inf(1))
		if reached >= m.Theta {
			c.threshold[j] = 0
		}
	}
}

// addMagnitudes adds |w - l| to sum, column by column.
func addMagnitudes(sum []float64, w, l []float32) {
	w, l = w[:len(sum)], l[:len(sum)]
	for j := range sum {
		sum[j] += float64(magnitude(w[j] - l[j]))
	}
}

// maxMagnitudes raises largest to |w - l|, column by column.
func maxMagnitudes(largest []float64, w, l []float32) {
	w, l = w[:len(largest)], l[:len(largest)]
	for j := range largest {
		if a := float64(magnitude(w[j] - l[j])); a > largest[j] {
			largest[j] = a
		}
	}
}
