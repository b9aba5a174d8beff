package caching

import (
	"math"

	"ergon/internal/simd"
)

// setThresholds finds the units of a chunk whose max|s|, or Σ|s|, has reached θ. It sets
// the threshold of their synapses to 0, and that of the others to +Inf.
func (m *synaptic) setThresholds(c *chunk) {
	clear(c.largest)
	clear(c.sums)
	for _, r := range c.rows {
		if m.Variant == "neuron_sum" {
			simd.AddTransients(c.sums, m.transients(r))
		} else {
			simd.MaxTransients(c.largest, m.transients(r))
		}
	}
	for j := range c.threshold {
		c.threshold[j] = float32(math.Inf(1))
		if c.reached(j) >= m.Theta {
			c.threshold[j] = 0
		}
	}
}

// reached returns max|s|, or Σ|s|, of the synapses onto a unit.
func (c *chunk) reached(unit int) float64 {
	if c.sums != nil {
		return c.sums[unit]
	}
	return float64(c.largest[unit])
}
