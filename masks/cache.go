package masks

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
)

// Cache decides when a change of a synapse becomes permanent. A kind registers
// itself in Caches.
type Cache interface {
	// New makes the memory of a network's synapses. It returns nil if every
	// change is permanent at once.
	New(all []*Synapses, pool *parallel.Pool) Memory
	// Price returns the cost of a consolidation, transient and permanent changes
	// together, in units of the weights.
	Price(c Consolidation) float64
}

// Memory splits each synapse into a permanent and a transient part.
type Memory interface {
	// Start makes the current weights permanent. It is called once, before the
	// first update.
	Start()
	// Consolidate is called after each update, and when presentations pass
	// without one. It may change weights. changes holds what the update did to
	// each layer.
	Consolidate(presentations int, changes []Change)
	// Consolidations returns what the last Consolidate did to each layer. It is
	// valid until the next.
	Consolidations() []Consolidation
	// Permanent returns the permanent part of each synapse, array by array; nil
	// before Start. It may be read between steps and must not be modified.
	Permanent() [][]float32
}

// Consolidation is what a cache did to a layer of synapses w = l + s, with l
// permanent and s transient.
type Consolidation struct {
	M0        int64   // synapses whose s was made permanent
	M1        float64 // Σ|Δl|
	Stored    int64   // synapses whose float32 l changed, as counted by an Accumulator
	Transient float64 // Σ|s| that is left, times the presentations for which it was kept
	Decayed   int64   // synapses whose s was left and decayed
	Lost      float64 // Σ|Δs| of that decay
}

// Add adds another consolidation's counts.
func (c *Consolidation) Add(d Consolidation) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Stored += d.Stored
	c.Transient += d.Transient
	c.Decayed += d.Decayed
	c.Lost += d.Lost
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

// NewMemory makes the memory of the rule's cache; nil without one. written takes the definition,
// where the cache has one beside ([WrittenOut]).
func (r *Rule) NewMemory(all []*Synapses, seed uint64, pool *parallel.Pool, written bool) (m Memory) {
	if w, ok := r.Cache.(WrittenOut); ok && written {
		m = w.WriteOut(all)
	} else {
		m = r.Cache.New(all, pool)
	}
	if s, ok := m.(Seeded); ok {
		s.Seed(seed)
	}
	return m
}
