package energy

// Cached is the account of a synaptic cache, in which a change of a synapse is
// transient before it is consolidated (Li & van Rossum 2020). Without a cache
// there is none: nil.
type Cached struct {
	M0Consolidated int64   `json:"m0_consolidated"` // synapses whose permanent part changed
	M1Consolidated float64 `json:"m1_consolidated"` // Σ|Δl| of the permanent parts
	TransientL1    float64 `json:"transient_l1"`    // Σ|s| of the transient parts, over the presentations they were kept for
}

// plus adds d to c in place and returns it; what is nil counts nothing.
func plus(c, d *Cached) *Cached {
	if d == nil {
		return c
	}
	if c == nil {
		c = new(Cached)
	}
	c.M0Consolidated += d.M0Consolidated
	c.M1Consolidated += d.M1Consolidated
	c.TransientL1 += d.TransientL1
	return c
}

// cleared sets an account back to zero, in place.
func cleared(c *Cached) *Cached {
	if c != nil {
		*c = Cached{}
	}
	return c
}

// copied returns an account that later steps do not change.
func copied(c *Cached) *Cached { return plus(nil, c) }
