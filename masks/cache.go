package masks

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
)

// Cache decides when a change of a synapse becomes permanent. A kind registers
// itself in Caches.
type Cache interface {
	// New makes the memory of a network's synapses; nil makes every change
	// permanent at once.
	New(all []*Synapses, pool *parallel.Pool) Memory
	// Price returns what changes cost that were kept and made permanent, in
	// units of the weights.
	Price(c Consolidation) float64
}

// Memory tells the permanent from the transient part of each synapse.
type Memory interface {
	// Start takes the weights as they are for permanent. It is called once,
	// before the first update.
	Start()
	// Consolidate is called after each update, and when time passes without one. It
	// may change weights. changes are the update's, of each layer.
	Consolidate(presentations int, changes []Change)
	// Consolidations returns what the last Consolidate did to each layer. It is
	// valid until the next.
	Consolidations() []Consolidation
	// Permanent returns the permanent part of each synapse, array by array, to be
	// read between steps; nil before Start.
	Permanent() [][]float32
}

// Consolidation is what a cache did to a layer of synapses w = l + s, of which
// l is permanent and s transient.
type Consolidation struct {
	M0        int64   // synapses whose s was made permanent
	M1        float64 // Σ|Δl|
	Transient float64 // Σ|s| left, times the presentations it was kept for
}

// Add adds another consolidation's counts.
func (c *Consolidation) Add(d Consolidation) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Transient += d.Transient
}

// NoCache makes every change permanent at once.
type NoCache struct{}

var _ Cache = NoCache{}

func init() {
	Caches.Register("none", schema.Doc{Summary: "every change is permanent at once"}, func() Cache { return NoCache{} })
}

// New implements Cache.
func (NoCache) New([]*Synapses, *parallel.Pool) Memory { return nil }

// Price implements Cache.
func (NoCache) Price(c Consolidation) float64 { return c.M1 }
