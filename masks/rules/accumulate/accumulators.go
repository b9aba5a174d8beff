package accumulate

import (
	"slices"

	"ergon/internal/state"
	"ergon/masks"
)

// accumulators are a χ for each synapse, and when they are looked at. A rule that writes
// weights from them embeds it.
type accumulators struct {
	schedule
	all            []*masks.Synapses
	chi            [][]float32 // of each array
	wholly         bool        // each transfer looks at all rows
	started        bool
	consolidations []masks.Consolidation // of each layer
	read           []int64               // of each layer: χ that the transfer looked at
	scratch        [][]float32           // the weights, for Permanent
	writes         masks.Counts          // of each synapse; nil: nobody counts
}

// CountWrites implements WriteCounting.
func (a *accumulators) CountWrites(counts masks.Counts) bool {
	a.writes = counts
	return true
}

func newAccumulators(all []*masks.Synapses, every, rows int) accumulators {
	layers := all[len(all)-1].Layer + 1
	a := accumulators{
		wholly:   rows == 0 || !slices.ContainsFunc(all, func(s *masks.Synapses) bool { return s.In > rows }),
		schedule: schedule{every: every, rows: rows}, all: all,
		consolidations: make([]masks.Consolidation, layers), read: make([]int64, layers),
	}
	for _, s := range all {
		a.chi = append(a.chi, make([]float32, s.In*s.Out))
	}
	return a
}

// Start implements Memory: nothing is accumulated yet.
func (a *accumulators) Start() { a.started = true }

// begin opens a Consolidate, and reports whether χ is to be looked at: a transfer is due, and
// there may be something to write.
func (a *accumulators) begin(presentations int, changes []masks.Change) (due bool) {
	clear(a.consolidations)
	clear(a.read)
	if !a.started || !a.pass(presentations) || a.atRest(changes) {
		return false
	}
	for _, s := range a.all {
		a.read[s.Layer] += a.looked(s)
	}
	return true
}

// atRest reports whether the last transfer has seen every χ as it still is.
func (a *accumulators) atRest(changes []masks.Change) bool {
	return a.every == 1 && a.wholly && !slices.ContainsFunc(changes, func(c masks.Change) bool { return c.M0 > 0 })
}

// Consolidations implements Memory.
func (a *accumulators) Consolidations() []masks.Consolidation { return a.consolidations }

// Permanent implements Memory: the weights.
func (a *accumulators) Permanent() [][]float32 {
	if !a.started {
		return nil
	}
	a.scratch = weightsOf(a.scratch, a.all)
	return a.scratch
}

// weightsOf returns the weights of arrays, in the storage of to.
func weightsOf(to [][]float32, all []*masks.Synapses) [][]float32 {
	to = to[:0]
	for _, s := range all {
		to = append(to, s.Weights)
	}
	return to
}

// Accumulators implements Accumulator.
func (a *accumulators) Accumulators() [][]float32 { return a.chi }

// Accumulated implements Accumulating: χ takes the update, and loses what is written.
// To be added to, or compared with ε, it is read.
func (a *accumulators) Accumulated(u masks.Usage) masks.Accumulation {
	return masks.Accumulation{
		Updates: u.Update.M0 + u.Cached.M0, Amount: u.Update.M1 + u.Cached.M1,
		Reads: u.Update.M0 + a.read[u.Layer], Writes: u.Update.M0 + u.Cached.M0,
	}
}

// Bits implements Accumulating.
func (a *accumulators) Bits(layer int) int64 { return masks.BitsOf(a.all, layer, 1) }

// State implements state.Stateful.
func (a *accumulators) State(v state.Visitor) {
	v.JSON("started", &a.started)
	a.schedule.State(v)
	state.Float32Arrays(v, "accumulator", a.chi)
}
