// Package accumulate has rules that save writes of synapses by state beside them: the update
// goes to accumulators, digital ones or fast synapses, and now and then a few weights are
// written from these. A write is an event of a device that wears out; that an accumulator
// changes is counted apart ([masks.Accumulation]).
package accumulate
