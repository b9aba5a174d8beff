package masks

import "ergon/internal/state"

// Paying is a Gate whose updates are paid from a reserve, all of an update or none of it. The
// gate is what the config says; a reserve is of one run.
type Paying interface {
	Gate
	// NewReserve returns what the updates of a run are paid from.
	NewReserve() Reserve
}

// Reserve is what the updates of a run are paid from. It is never below 0.
type Reserve interface {
	state.Stateful
	// Opens is that of the gate, given what the reserve holds. It changes nothing.
	Opens(output, target []float32) bool
	// Gain is called in each step, before Pay, with the number of presentations made.
	Gain(presentations int)
	// Pay pays for an update that changes layers so, and returns true; or it returns false, and
	// pays nothing, since the reserve does not hold enough for all of it.
	Pay(changes []Change) bool
	// Balance returns what was received and paid until now.
	Balance() Balance
}

// Balance is the account of a Reserve: Initial + Income - Spent = Left ≥ 0.
type Balance struct {
	Initial float64
	Income  float64 // of all presentations until now
	Spent   float64 // on the updates that were made
	Left    float64
	Refused int64 // updates that were not made, because Left was not enough
}

// NewReserve returns what the rule's updates are paid from; nil: they cost nothing.
func (r *Rule) NewReserve() Reserve {
	if p, ok := r.Gate.(Paying); ok {
		return p.NewReserve()
	}
	return nil
}
