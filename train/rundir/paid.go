package rundir

// Paid is what the changes of synapses cost up to now, in units of the weights. Without a
// cache, and where accumulators take the updates, these are M0 and M1 themselves; with one, changes are paid when they are
// consolidated, and those that are still transient count as consolidated now.
type Paid struct {
	M0Paid int64         `json:"m0_paid"`
	M1Paid *float64      `json:"m1_paid"`         // null where weights are not finite
	Cache  *CacheAccount `json:"cache,omitempty"` // nil without a cache
}

// CacheAccount is what a cache cost, item by item: consolidations, the transient part s of
// each synapse that is left (the residual), and keeping s.
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
