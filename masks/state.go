package masks

import (
	"strconv"

	"ergon/internal/state"
)

// Stages are the stages of a rule that may remember something from step to step, as made
// for a network. A mask, an optimizer, a Memory and a Transmission that do are
// state.Stateful: what they show is all that a step depends on besides its number, the
// weights and what is presented. Error filters and clips remember nothing, nor do
// gates; but some have a Reserve.
type Stages struct {
	Masks        []Mask
	Optimizer    Optimizer
	Memory       Memory       // nil without a cache
	Transmission Transmission // nil where synapses transmit their weights
}

var _ state.Stateful = (*Stages)(nil)

// State implements state.Stateful. The names are the same whatever applies the rule, so
// that what one remembers another can go on with.
func (s *Stages) State(v state.Visitor) {
	for i, m := range s.Masks {
		state.Under(v, "mask."+strconv.Itoa(i), m)
	}
	state.Under(v, "optimizer", s.Optimizer)
	state.Under(v, "cache", s.Memory)
	state.Under(v, "synapse", s.Transmission)
}

// ShowPermanent shows the permanent parts of a Memory, which are nil before Start.
func ShowPermanent(v state.Visitor, permanent *[][]float32, all []*Synapses) {
	started := *permanent != nil
	v.JSON("started", &started)
	switch {
	case !started:
		*permanent = nil
	case *permanent == nil:
		for _, s := range all {
			*permanent = append(*permanent, make([]float32, s.In*s.Out))
		}
	}
	state.Float32Arrays(v, "permanent", *permanent)
}
