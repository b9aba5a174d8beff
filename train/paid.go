package train

import (
	"ergon/energy"
	"ergon/masks"
)

// Paid is what the changes of synapses cost up to now, in units of the weights:
// M0 and M1 themselves, unless a cache kept changes from becoming permanent. It
// then counts as if all that is transient were consolidated now.
type Paid struct {
	M0Paid int64         `json:"m0_paid"`
	M1Paid *float64      `json:"m1_paid"`         // null where weights are not finite
	Cache  *CacheAccount `json:"cache,omitempty"` // nil without a cache
}

// CacheAccount is what a cache was paid, item by item: consolidations, the
// residue s of each synapse that is still transient, and its keeping.
type CacheAccount struct {
	M0Consolidated int64    `json:"m0_consolidated"`
	M1Consolidated float64  `json:"m1_consolidated"`
	ResidualM0     int64    `json:"residual_m0"` // synapses with s ≠ 0
	ResidualM1     *float64 `json:"residual_m1"` // Σ|s|; null where weights are not finite
	TransientL1    float64  `json:"transient_l1"`
	TransientCost  *float64 `json:"transient_cost"` // of keeping s: rule.cache.cost × transient_l1; null if not finite
	M1Paid         *float64 `json:"m1_paid"`
	Inefficiency   *float64 `json:"inefficiency"` // m1_paid over M1min; null where nothing was learned
}

// newPaid takes stock of a run whose minimum is known.
func newPaid(r *Run, minimal energy.Minimal) Paid {
	total := r.Ledger.Total()
	memory := r.updater.Memory()
	if memory == nil {
		return Paid{M0Paid: total.M0, M1Paid: ifFinite(total.M1)}
	}
	var done energy.Cached
	if total.Cached != nil {
		done = *total.Cached
	}
	rest := r.residual(memory)
	kept := masks.Consolidation{Transient: done.TransientL1}
	all := masks.Consolidation{M0: done.M0Consolidated + rest.M0, M1: done.M1Consolidated + rest.M1, Transient: done.TransientL1}
	price := r.Config.Rule.Cache.Price(all)
	account := &CacheAccount{
		M0Consolidated: done.M0Consolidated, M1Consolidated: done.M1Consolidated,
		ResidualM0: rest.M0, ResidualM1: ifFinite(rest.M1),
		TransientL1: done.TransientL1, TransientCost: ifFinite(r.Config.Rule.Cache.Price(kept)),
		M1Paid: ifFinite(price), Inefficiency: energy.Ratio(price, minimal.M1),
	}
	return Paid{all.M0, account.M1Paid, account}
}

// residual returns what is still transient: the synapses whose weight is not
// their permanent one, and Σ|s|, added as M1min is.
func (r *Run) residual(memory masks.Memory) (rest energy.Minimal) {
	for a, lasting := range memory.Permanent() {
		rest.Add(lasting, r.weights[a])
	}
	return rest
}

// ifFinite returns x, or nil for what JSON cannot write.
func ifFinite(x float64) *float64 {
	if !finite(x) {
		return nil
	}
	return &x
}
