package energy

import (
	"cmp"

	"ergon/internal/state"
)

var _ state.Stateful = (*Ledger)(nil)

// State implements state.Stateful: sums as they are, to the last bit. What was not known in
// one part of a run is not known of the whole: also what the version that saved it did not count.
func (l *Ledger) State(v state.Visitor) {
	unknown := l.unknownMemory
	v.JSON("layers", &l.Layers)
	v.JSON("total", &l.total)
	v.JSON("last", &l.last)
	v.JSON("unknown_memory", &l.unknownMemory)
	if reason := cmp.Or(l.unknownMemory, unknown); reason != "" {
		l.ForgetMemory(reason)
	}
	if reason := l.unknownAccumulate; reason != "" || !l.total.Accumulate.Known {
		l.ForgetAccumulate(cmp.Or(reason, "changes beside the weights were not counted in a part of the run"))
	}
}
