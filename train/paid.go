package train

import (
	"ergon/energy"
	"ergon/internal/finite"
	"ergon/masks"
	"ergon/train/rundir"
)

// paidOf returns what the changes of a run's synapses cost. minimal is the run's minimum.
func paidOf(r *Run, minimal energy.Minimal) rundir.Paid {
	total := r.Ledger.Total()
	memory := r.updater.Memory()
	if _, ok := memory.(masks.Accumulator); ok || memory == nil {
		return rundir.Paid{M0Paid: total.M0, M1Paid: finite.OrNil(total.M1)}
	}
	var done energy.Cached
	if total.Cached != nil {
		done = *total.Cached
	}
	rest := r.residual(memory)
	kept := masks.Consolidation{Transient: done.TransientL1}
	all := masks.Consolidation{M0: done.M0Consolidated + rest.M0, M1: done.M1Consolidated + rest.M1, Transient: done.TransientL1}
	price := r.Config.Rule.Cache.Price(all)
	account := &rundir.CacheAccount{
		M0Consolidated: done.M0Consolidated, M1Consolidated: done.M1Consolidated,
		ResidualM0: rest.M0, ResidualM1: finite.OrNil(rest.M1),
		TransientL1: done.TransientL1, TransientCost: finite.OrNil(r.Config.Rule.Cache.Price(kept)),
		M1Paid: finite.OrNil(price), Inefficiency: energy.Ratio(price, minimal.M1),
	}
	return rundir.Paid{M0Paid: all.M0, M1Paid: account.M1Paid, Cache: account}
}

// residual returns what is still transient: the number of synapses whose weight is not
// their permanent one, and Σ|s|, summed in the same way as M1min.
func (r *Run) residual(memory masks.Memory) (rest energy.Minimal) {
	for a, permanent := range memory.Permanent() {
		rest.Add(permanent, r.weights[a])
	}
	return rest
}
