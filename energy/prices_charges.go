package energy

import (
	"maps"
	"slices"
)

// usual are the events that a stage is charged for unless a table says otherwise.
var usual = map[Stage][]Event{
	Forward:      {MAC, AC, WeightRead},
	Backward:     {MAC, AC, WeightRead},
	Updating:     {Add, WeightRead, WeightWrite},
	Accumulating: {Add, WeightRead, WeightWrite},
	Maintaining:  {Kept},
}

// additional are charged besides where a table has a price for them.
var additional = map[Stage][]Event{
	Forward:      {ActiveUnit},
	Updating:     {MemoryRead, MemoryWrite, SynapticChange, ChangeAmount},
	Accumulating: {MemoryRead, MemoryWrite, AccumulatorUpdate, AccumulatedAmount, GradientUpdate},
}

// Charged returns the events that the table charges a stage for: those it says,
// or else the arithmetic and the memory traffic of a processor, and active
// units, traffic of what the rule remembers, synaptic changes and their amount where they have a
// price. Sampling is charged as the forward pass is. A change beside the weights is
// charged as an update of the weights, if the table says how that is.
func (t *Table) Charged(s Stage) []Event {
	if events, ok := t.Charges[s]; ok {
		return events
	}
	if s == Sampled {
		return t.Charged(Forward)
	}
	if events, ok := t.Charges[Updating]; ok && s == Accumulating {
		return besideWeights(events)
	}
	events := slices.Clone(usual[s])
	for _, e := range additional[s] {
		if t.Prices[e].Joules != nil {
			events = append(events, e)
		}
	}
	return events
}

// besideWeights returns what the events of an update are called where numbers beside the weights change.
func besideWeights(update []Event) []Event {
	events := slices.Clone(update)
	for i, e := range events {
		switch e {
		case SynapticChange:
			events[i] = AccumulatorUpdate
		case ChangeAmount:
			events[i] = AccumulatedAmount
		}
	}
	return events
}

// asWeights returns what occurred with the traffic of what the rule remembers as that of
// weights, beside which it lies, unless it is charged by itself.
func asWeights(charged []Event, occurred map[Event]float64) map[Event]float64 {
	all := maps.Clone(occurred)
	for memory, weights := range map[Event][]Event{MemoryRead: {WeightRead, DRAMRead}, MemoryWrite: {WeightWrite, DRAMWrite}} {
		if slices.Contains(charged, memory) {
			continue
		}
		for _, e := range weights {
			all[e] += all[memory]
		}
		delete(all, memory)
	}
	return all
}

// chargesMemory reports whether the table charges a stage for what a rule remembers, at a
// price that is not 0.
func (t *Table) chargesMemory(s Stage) bool {
	charged := t.Charged(s)
	of := asWeights(charged, map[Event]float64{MemoryRead: 1, MemoryWrite: 1})
	if s == Accumulating {
		of = asWeights(charged, accumulations(Accumulate{Updates: 1, Amount: 1, Reads: 1, Writes: 1, GradientUpdates: 1}))
	}
	return slices.ContainsFunc(charged, func(e Event) bool {
		price := t.Prices[e].Joules
		return of[e] != 0 && (price == nil || *price != 0)
	})
}
