package cpu

import "ergon/masks"

// payment has the updates of a step paid, or takes them back. nil: they cost nothing.
type payment struct {
	reserve   masks.Reserve
	revocable masks.Revocable // the optimizer
	before    [][]float32     // weights before the update, where it may change them
	refused   bool            // the last one
}

func newPayment(rule masks.Rule, all []*masks.Synapses, o masks.Optimizer) *payment {
	reserve := rule.NewReserve()
	if reserve == nil {
		return nil
	}
	p := &payment{reserve: reserve}
	p.revocable, _ = o.(masks.Revocable) // the gate has checked it
	for _, s := range all {
		p.before = append(p.before, make([]float32, s.In*s.Out))
	}
	return p
}

// begin opens a step whose update paths are chosen: it notes the weights that may change.
func (p *payment) begin(u *Updater) {
	if p == nil {
		return
	}
	for n := range u.arrays {
		u.arrays[n].copyChanging(p.before[n], u.arrays[n].Weights)
	}
}

// copyChanging copies the numbers of those synapses that may change in the step.
func (a *array) copyChanging(to, from []float32) {
	if _, ok := a.way.(rankOne); !ok {
		copy(to, from)
		return
	}
	for row, x := range a.x {
		if x != 0 {
			copy(to[row*a.Out:(row+1)*a.Out], from[row*a.Out:])
		}
	}
}

// rest is called instead of end where presentations pass without an update.
func (p *payment) rest(presentations int) {
	if p != nil {
		p.refused = false
		p.reserve.Gain(presentations)
	}
}

// end pays for the update made, or takes it back: weights, the optimizer's step and what was counted.
func (p *payment) end(u *Updater, presentations int) {
	if p == nil {
		return
	}
	p.rest(presentations)
	if p.refused = !p.reserve.Pay(u.changes); !p.refused {
		u.writes.drain()
		return
	}
	for n := range u.arrays {
		u.arrays[n].copyChanging(u.arrays[n].Weights, p.before[n])
	}
	p.revocable.Revoke()
	u.writes.discard()
	clear(u.changes)
	u.forget()
}

// Reserve returns what updates are paid from; nil: they cost nothing.
func (u *Updater) Reserve() masks.Reserve {
	if u.payment == nil {
		return nil
	}
	return u.payment.reserve
}

// Refused reports whether the last step had an update that the reserve could not pay for, and which was
// not made.
func (u *Updater) Refused() bool { return u.payment != nil && u.payment.refused }
