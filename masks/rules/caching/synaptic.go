// Package caching has synaptic caching: changes are transient until they have grown
// large.
package caching

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// SynapticCache keeps changes in a transient form, cheap and decaying, and
// makes them permanent only where they have grown large (Li & van Rossum 2020,
// eLife 9:e50804). A synapse is w = l + s; the network computes with w. Each
// step, in this order,
//
//	w ← w + Δw                      the update enters s
//	l ← l + s, s ← 0                where s has reached θ; costs |s|
//	c·B·Σ|s|                        the cost of keeping the rest for B presentations
//	s ← s·exp(-B/τ)                 the rest decays
//
// where B is the number of presentations of the step, those without an update
// included. s has reached θ if |s| ≥ θ, synapse by synapse; or, for all synapses onto a
// unit together, its bias among them, if max|s| ≥ θ or Σ|s| ≥ θ.
//
// With θ = 0 nothing is ever transient, and the energy is that of the plain rule. With
// θ = ∞, c = 0 and no decay the energy is the least possible, since s is consolidated
// once, at the end. Both hold to the bit.
//
// s is not stored: it is w - l, so that without decay w has the bits of the plain rule.
// Of memory a step so reads w and l of every synapse, and writes l where it consolidates
// and w where s decays. With θ = 0 there is no l; with θ = ∞ and no decay nobody looks.
//
// An s below about τ/2 units in the last place of the float32 w cannot decay further:
// the decrease is rounded away.
type SynapticCache struct {
	Theta      float64 `key:"theta" doc:"threshold θ of transient change, in units of the weights; 0: nothing is transient; .inf: nothing is consolidated before the end" in:"[0,inf]"`
	Tau        float64 `key:"tau" doc:"decay time of transient change, in presentations; .inf: no decay" in:"(0,inf]"`
	Cost       float64 `key:"cost" doc:"cost c of transient change, per unit of it and presentation" in:"[0,inf)"`
	Variant    string  `key:"variant" doc:"synapse: each with |s| ≥ θ is consolidated; neuron: all onto a unit where one has |s| ≥ θ; neuron_sum: where Σ|s| ≥ θ" oneof:"synapse|neuron|neuron_sum"`
	ChangeCost float64 `key:"change_cost" doc:"cost of consolidating a synapse, besides |s|, in units of the weights" in:"[0,inf)"`
}

var _ masks.WrittenOut = (*SynapticCache)(nil)

func init() {
	masks.Caches.Register("synaptic", schema.Doc{
		Summary: "changes are transient until they have reached theta",
		Source:  "Li & van Rossum 2020, eLife 9:e50804",
		Definition: "A weight is w = l + s. Each step, in this order: w takes Δw; where s has reached theta, l becomes w, which costs |s|; " +
			"keeping the rest costs cost·B·Σ|s|; it decays by exp(-B/tau). B are the presentations of the step, also where the gate is shut.",
	}, func() masks.Cache { return &SynapticCache{Theta: 0.02, Tau: 1000, Cost: 0.001, Variant: "synapse"} })
}

// Price implements Cache: Σ|Δl| + c Σ_t Σ|s| + b·(synapses consolidated).
func (c *SynapticCache) Price(x masks.Consolidation) float64 {
	return x.M1 + c.Cost*x.Transient + c.ChangeCost*float64(x.M0)
}

// traffic returns what a step reads and writes of a layer, if s decays or does not.
func (c *SynapticCache) traffic(u masks.Usage, decays bool) (t masks.Traffic) {
	if c.Theta == 0 || math.IsInf(c.Theta, 1) && !decays {
		return t
	}
	return masks.Traffic{Reads: 2 * u.Synapses, Writes: u.Cached.M0 + u.Cached.Decayed}
}

// accumulated returns how s of a layer changed: by the update, where it was consolidated, and by its
// decay. With θ = 0 there is no s.
func (c *SynapticCache) accumulated(u masks.Usage) (a masks.Accumulation) {
	if c.Theta == 0 {
		return a
	}
	return masks.Accumulation{
		Updates: u.Update.M0 + u.Cached.M0 + u.Cached.Decayed,
		Amount:  u.Update.M1 + u.Cached.M1 + u.Cached.Lost,
	}
}

// bits returns how many bits s has in a layer.
func (c *SynapticCache) bits(all []*masks.Synapses, layer int) int64 {
	if c.Theta == 0 {
		return 0
	}
	return masks.BitsOf(all, layer, 1)
}

// New implements Cache.
func (c *SynapticCache) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	m := &synaptic{SynapticCache: c, pool: pool, all: all, consolidations: make([]masks.Consolidation, all[len(all)-1].Layer+1)}
	if c.Variant == "synapse" {
		m.chunks = synapseChunks(all, float32(c.Theta))
	} else {
		m.chunks = unitChunks(all, c.Variant)
	}
	m.sums = make([]masks.Consolidation, len(m.chunks))
	m.body = m.consolidate
	return m
}

// synaptic is a SynapticCache of a network.
type synaptic struct {
	*SynapticCache
	pool           *parallel.Pool
	all            []*masks.Synapses
	permanent      [][]float32 // l of each array
	chunks         []chunk
	sums           []masks.Consolidation // of each of chunks
	consolidations []masks.Consolidation // of each layer
	decayed        float32               // 1 - exp(-B/τ) of the step
	writes         masks.Counts          // of each synapse; nil: nobody counts
	body           func(int)
}

var (
	_ masks.WriteCounting = (*synaptic)(nil)
	_ masks.Accounted     = (*synaptic)(nil)
	_ masks.Accumulating  = (*synaptic)(nil)
	_ masks.Local         = (*synaptic)(nil)
	_ state.Stateful      = (*synaptic)(nil)
)

// CountWrites implements WriteCounting: with θ = 0 every update is written at once.
func (m *synaptic) CountWrites(counts masks.Counts) bool {
	if m.Theta == 0 {
		return false
	}
	m.writes = counts
	return true
}

// Start implements Memory.
func (m *synaptic) Start() {
	for _, s := range m.all {
		m.permanent = append(m.permanent, append([]float32(nil), s.Weights...))
	}
}

// Consolidations implements Memory.
func (m *synaptic) Consolidations() []masks.Consolidation { return m.consolidations }

// Permanent implements Memory.
func (m *synaptic) Permanent() [][]float32 { return m.permanent }

// State implements state.Stateful: s = w - l needs no memory of its own.
func (m *synaptic) State(v state.Visitor) { masks.ShowPermanent(v, &m.permanent, m.all) }

// Traffic implements Accounted.
func (m *synaptic) Traffic(u masks.Usage) (t masks.Traffic) {
	if m.permanent != nil {
		t = m.traffic(u, m.decayed > 0)
	}
	return t
}

// Accumulated implements Accumulating.
func (m *synaptic) Accumulated(u masks.Usage) masks.Accumulation { return m.accumulated(u) }

// Bits implements Accumulating.
func (m *synaptic) Bits(layer int) int64 { return m.bits(m.all, layer) }

// Consolidate implements Memory.
func (m *synaptic) Consolidate(presentations int, changes []masks.Change) {
	clear(m.consolidations)
	m.decayed = float32(-math.Expm1(-float64(presentations) / m.Tau))
	if m.permanent == nil {
		return
	}
	if m.Theta == 0 {
		m.consolidateAll(changes)
		return
	}
	m.pool.Run(len(m.chunks), m.body)
	for p, sum := range m.sums {
		m.consolidations[m.chunks[p].layer].Add(sum)
	}
	for l := range m.consolidations {
		m.consolidations[l].Transient *= float64(presentations)
	}
}

// consolidateAll makes the update permanent. Its cost is that of the update before it
// was rounded into w.
func (m *synaptic) consolidateAll(changes []masks.Change) {
	for a, s := range m.all {
		copy(m.permanent[a], s.Weights)
	}
	for l, c := range changes {
		m.consolidations[l] = masks.Consolidation{M0: c.M0, M1: c.M1}
	}
}

// consolidate consolidates and decays one chunk.
func (m *synaptic) consolidate(n int) {
	c := &m.chunks[n]
	if c.sums != nil || c.largest != nil {
		m.setThresholds(c)
	}
	var counts simd.Consolidated
	for _, r := range c.rows {
		simd.Consolidate(m.transients(r), c.threshold, 0, m.decayed, &counts)
	}
	m.sums[n] = masks.Consolidated(&counts, m.decayed)
}

// transients returns the synapses of rows.
func (m *synaptic) transients(r rows) simd.Transients {
	return simd.Transients{
		W: m.all[r.array].Weights[r.first:r.end], L: m.permanent[r.array][r.first:r.end], Writes: m.writes.From(r.array, r.first),
		Stride: r.stride, Rows: (r.end - r.first + r.stride - 1) / r.stride, Columns: r.width,
	}
}

// Locality implements Local.
func (m *synaptic) Locality() (masks.Locality, error) {
	if m.Variant != "synapse" {
		return 0, schema.Fieldf("variant", "%s consolidates all synapses onto a unit together; set synapse", m.Variant)
	}
	return masks.Alone, nil
}
