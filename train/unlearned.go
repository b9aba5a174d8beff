package train

import "ergon/internal/state"

// unlearned adds up the loss of presentations that the rule has not seen yet: those whose step
// a gate kept shut, which may be many before one is learned from.
type unlearned struct {
	sum   float64
	count int
}

// add adds presentations of a mean loss.
func (u *unlearned) add(loss float64, presentations int) {
	u.sum += float64(loss * float64(presentations))
	u.count += presentations
}

// take returns the mean loss of all and how many there are, and forgets them.
func (u *unlearned) take() (loss float64, presentations int) {
	loss, presentations = u.sum/float64(u.count), u.count
	*u = unlearned{}
	return loss, presentations
}

// State implements state.Stateful.
func (u *unlearned) State(v state.Visitor) {
	state.Float64(v, "sum", &u.sum)
	v.JSON("count", &u.count)
}
