package masks

import "ergon/internal/state"

// Writes counts how often the permanent weight of each synapse was written: in how many steps the
// update of that synapse was not 0, or, of rules that keep changes beside the weights, in how
// many it was made permanent. So the sum over synapses is M0 of the permanent changes. A device
// endures so many of them.
type Writes struct {
	Counts  Counts // of each array and synapse
	Unknown string // why they are not known; "": they are
}

// Counts are numbers of writes, array by array; nil: nobody counts.
type Counts [][]uint32

// Add counts a write of synapse i of an array.
func (c Counts) Add(array, i int) {
	if c != nil {
		c[array][i]++
	}
}

// From returns the counts of an array from synapse first on; nil: nobody counts.
func (c Counts) From(array, first int) []uint32 {
	if c == nil {
		return nil
	}
	return c[array][first:]
}

// WriteCounting is the Memory of a cache that counts the permanent weights that it writes.
//
// Offered by every built-in cache; without it how often single synapses were written is not
// known.
type WriteCounting interface {
	Memory
	// CountWrites is called before Start, with the counts to add to. It returns false if the
	// memory writes every update at once: who makes the update then counts.
	CountWrites(counts Counts) bool
}

// NewWrites returns counts of 0 for the arrays of a network, and whether the memory of its cache,
// which may be nil, adds to them.
func NewWrites(all []*Synapses, m Memory) (w Writes, byMemory bool) {
	for _, s := range all {
		w.Counts = append(w.Counts, make([]uint32, s.In*s.Out))
	}
	switch c, ok := m.(WriteCounting); {
	case m == nil:
	case ok:
		byMemory = c.CountWrites(w.Counts)
	default:
		w.Unknown = "rule.cache does not count the writes of single synapses"
	}
	return w, byMemory
}

var _ state.Stateful = (*Writes)(nil)

// State implements state.Stateful. What was saved before writes were counted does not know them.
func (w *Writes) State(v state.Visitor) {
	if !state.Knows(v, "unknown") {
		w.Unknown = "the run goes on from a state that was saved before writes of single synapses were counted"
		return
	}
	v.JSON("unknown", &w.Unknown)
	if w.Unknown == "" {
		state.Uint32Arrays(v, "counts", w.Counts)
	}
}

// Endured says how often single synapses were written.
type Endured struct {
	Max       int64   // writes of the synapse that was written most often
	Mean      float64 // writes of a synapse
	Unwritten float64 // share of the synapses that were never written
}

// Endured sums the counts up. Synapses of fixed layers, and places of a triangular layer that hold no
// synapse, do not count. nil: they are not known, or there are no synapses.
func (w *Writes) Endured(net Network) *Endured {
	var e Endured
	var synapses, total, written int64
	for a, s := range Arrays(net.Layers) {
		if net.Layers[s.Layer].Fixed {
			continue
		}
		synapses += int64(s.Size())
		for _, n := range w.Counts[a] {
			total += int64(n)
			e.Max = max(e.Max, int64(n))
			if n > 0 {
				written++
			}
		}
	}
	if w.Unknown != "" || synapses == 0 {
		return nil
	}
	e.Mean = float64(total) / float64(synapses)
	e.Unwritten = float64(synapses-written) / float64(synapses)
	return &e
}
