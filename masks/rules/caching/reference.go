package caching

import (
	"math"
	"slices"

	"ergon/internal/state"
	"ergon/masks"
)

// writtenOut is the definition of SynapticCache, one formula after the other.
type writtenOut struct {
	spec           *SynapticCache
	all            []*masks.Synapses
	permanent      [][]float32
	consolidations []masks.Consolidation // of each layer
	decayed        float32               // 1 - exp(-B/τ) of the step
	writes         masks.Counts          // of each synapse; nil: nobody counts
}

var _ masks.WriteCounting = (*writtenOut)(nil)

// CountWrites implements WriteCounting.
func (c *writtenOut) CountWrites(counts masks.Counts) bool {
	if c.spec.Theta == 0 {
		return false
	}
	c.writes = counts
	return true
}

// WriteOut implements WrittenOut.
func (c *SynapticCache) WriteOut(all []*masks.Synapses) masks.Memory {
	return &writtenOut{spec: c, all: all}
}

// Start implements Memory.
func (c *writtenOut) Start() {
	for _, s := range c.all {
		c.permanent = append(c.permanent, slices.Clone(s.Weights))
	}
}

// transient returns s = w - l of a synapse.
func (c *writtenOut) transient(array, i int) float32 {
	return c.all[array].Weights[i] - c.permanent[array][i]
}

// Consolidations implements Memory.
func (c *writtenOut) Consolidations() []masks.Consolidation { return c.consolidations }

// Permanent implements Memory.
func (c *writtenOut) Permanent() [][]float32 { return c.permanent }

// Consolidate implements Memory: it consolidates, counts what is left, and decays it.
func (c *writtenOut) Consolidate(presentations int, changes []masks.Change) {
	c.consolidations = make([]masks.Consolidation, len(changes))
	if c.permanent == nil {
		return
	}
	due := c.crossed()
	for a, s := range c.all {
		for i, crossed := range due[a] {
			sum, change := &c.consolidations[s.Layer], c.transient(a, i)
			switch {
			case change == 0:
			case crossed:
				sum.Add(masks.Consolidation{M0: 1, M1: math.Abs(float64(s.Weights[i]) - float64(c.permanent[a][i]))})
				c.permanent[a][i] = s.Weights[i]
				c.writes.Add(a, i)
			default:
				sum.Transient += math.Abs(float64(change)) * float64(presentations)
			}
		}
	}
	for l := range changes {
		if c.spec.Theta == 0 { // the update itself, not what it was rounded to
			c.consolidations[l] = masks.Consolidation{M0: changes[l].M0, M1: changes[l].M1}
		}
	}
	if c.decayed = float32(-math.Expm1(-float64(presentations) / c.spec.Tau)); c.decayed == 0 {
		return
	}
	for a, s := range c.all {
		for i, w := range s.Weights {
			change := c.transient(a, i)
			if s.Weights[i] = w - float32(change*c.decayed); change != 0 {
				c.consolidations[s.Layer].Decayed++
				c.consolidations[s.Layer].Lost += math.Abs(float64(change)) * float64(c.decayed)
			}
		}
	}
}

// State implements state.Stateful.
func (c *writtenOut) State(v state.Visitor) { masks.ShowPermanent(v, &c.permanent, c.all) }

// Traffic implements Accounted.
func (c *writtenOut) Traffic(u masks.Usage) (t masks.Traffic) {
	if c.permanent != nil {
		t = c.spec.traffic(u, c.decayed > 0)
	}
	return t
}

// Accumulated implements Accumulating.
func (c *writtenOut) Accumulated(u masks.Usage) masks.Accumulation { return c.spec.accumulated(u) }

// Bits implements Accumulating.
func (c *writtenOut) Bits(layer int) int64 { return c.spec.bits(c.all, layer) }

// crossed reports of each synapse of each array whether it is to be consolidated.
func (c *writtenOut) crossed() (crossed [][]bool) {
	for a, s := range c.all {
		crossed = append(crossed, make([]bool, len(s.Weights)))
		for unit := range s.Out {
			together := c.spec.Variant != "synapse" && c.reached(s.Layer, unit) >= c.spec.Theta
			for i := unit; i < len(s.Weights); i += s.Out {
				alone := c.spec.Variant == "synapse" && math.Abs(float64(c.transient(a, i))) >= float64(float32(c.spec.Theta))
				crossed[a][i] = together || alone
			}
		}
	}
	return crossed
}

// reached returns the largest |s|, or Σ|s|, of the synapses onto a unit.
func (c *writtenOut) reached(layer, unit int) (reached float64) {
	for a, s := range c.all {
		if s.Layer != layer {
			continue
		}
		for i := unit; i < len(s.Weights); i += s.Out {
			if c.spec.Variant == "neuron_sum" {
				reached += math.Abs(float64(c.transient(a, i)))
			} else {
				reached = max(reached, math.Abs(float64(c.transient(a, i))))
			}
		}
	}
	return reached
}
