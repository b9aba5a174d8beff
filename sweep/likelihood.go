package sweep

import (
	"slices"

	"ergon/energy"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Likelihood compares the Boltzmann machines of a benchmark.
type Likelihood struct {
	LikelihoodSettings
	Ends []*LikelihoodEnd `json:"ends"` // the rules in their order
	Rows []*LikelihoodRow `json:"rows"` // for each goal, the rules in their order
}

// LikelihoodRow is what a rule has spent to reach a log-likelihood, relative to the baseline. Estimates
// are over the runs that reached it, nil where none did; those of numbers of any sign have intervals on a
// linear scale.
type LikelihoodRow struct {
	Label string  `json:"label"`
	Goal  float64 `json:"goal"` // log-likelihood of the test set, nats per example
	Runs
	LikelihoodCosts
	Ended               *estimate.Estimate `json:"ended_at"` // log-likelihood at the end of all runs
	Baseline            string             `json:"baseline"` // label of the rule that savings are relative to
	PresentationsSaving *estimate.Estimate `json:"presentations_saving"`
	M0Saving            *estimate.Estimate `json:"m0_saving"`
	M1Saving            *estimate.Estimate `json:"m1_saving"`
	// WorkSaving is of the work dissipated on the chains: ⟨w⟩ itself can be of either sign.
	WorkSaving *estimate.Estimate `json:"dissipated_saving"`

	arrivals[machinePoint]
}

// LikelihoodCosts are means over runs up to a point. M0 and M1 are what was paid, as those of a [Row].
type LikelihoodCosts struct {
	Likelihood     *estimate.Estimate `json:"likelihood"` // of the test set, measured there
	Presentations  *estimate.Estimate `json:"presentations"`
	Updates        *estimate.Estimate `json:"updates"`
	M0             *estimate.Estimate `json:"m0"`
	M1             *estimate.Estimate `json:"m1"`
	M0Inefficiency *estimate.Estimate `json:"m0_inefficiency"` // M0/M0min
	M1Inefficiency *estimate.Estimate `json:"m1_inefficiency"` // M1/M1min
	SampledUnits   *estimate.Estimate `json:"sampled_active_units"`
	MACs           *estimate.Estimate `json:"macs_effective"` // of both passes and of sampling
	Work           *estimate.Estimate `json:"work"`           // ⟨w⟩ on the chains that learning sees, kT
	DeltaF         *estimate.Estimate `json:"delta_f"`        // -ln Z/Z_0
	Dissipated     *estimate.Estimate `json:"dissipated"`     // ⟨w⟩ - ΔF
	// WitnessWork and WitnessDissipated are the same on chains that learning does not see.
	WitnessWork       *estimate.Estimate `json:"work_on_witnesses"`
	WitnessDissipated *estimate.Estimate `json:"dissipated_on_witnesses"`
	Cache             *CacheCosts        `json:"cache,omitempty"` // nil unless all runs have a cache
}

// CacheCosts are the items of what a cache paid.
type CacheCosts struct {
	M0Consolidated *estimate.Estimate `json:"m0_consolidated"`
	M1Consolidated *estimate.Estimate `json:"m1_consolidated"`
	ResidualM0     *estimate.Estimate `json:"residual_m0"` // synapses that are still transient
	ResidualM1     *estimate.Estimate `json:"residual_m1"`
}

// machinePoint is a run at an evaluation, or at its end.
type machinePoint struct {
	likelihood, lnZ         float64 // of the test set, nats per example; of the machine
	samples, steps, updates int
	sampled, macs           int64 // units that sampling found active; effective MACs of both passes and of sampling
	rundir.Minimum
	rundir.Paid
	work, witnessWork *float64 // ⟨w⟩, kT; nil: not measured
	deltaF            *float64 // -ln Z/Z_0; nil: Z_0 is not known
}

// machineRun is a run and its evaluations at which the likelihood is known.
type machineRun struct {
	*Outcome
	evaluations []rundir.Metrics
	err         error // why they cannot be read
}

// compareLikelihoods compares the outcomes of a benchmark; nil where that is not asked for.
func (b *Bench) compareLikelihoods(outcomes []Outcome) *Likelihood {
	if b.Likelihood == nil {
		return nil
	}
	l := &Likelihood{LikelihoodSettings: *b.Likelihood, Ends: []*LikelihoodEnd{}, Rows: []*LikelihoodRow{}}
	runs := map[string][]machineRun{}
	for i := range outcomes {
		o := &outcomes[i]
		runs[o.Label] = append(runs[o.Label], b.machineRun(o))
	}
	for _, a := range b.arms() {
		l.Ends = append(l.Ends, newLikelihoodEnd(a.label, runs[a.label], b.publishedEnd(a)))
	}
	for _, goal := range b.Likelihood.Goals {
		l.Rows = append(l.Rows, b.likelihoodRows(goal, runs)...)
	}
	return l
}

// machineRun reads what a run's metrics say of its likelihood, if there are goals to compare them with.
func (b *Bench) machineRun(o *Outcome) machineRun {
	r := machineRun{Outcome: o}
	if len(b.Likelihood.Goals) > 0 && o.Finished() {
		r.evaluations, r.err = readMetrics(o.Directory, likelihoodOf)
	}
	return r
}

// likelihoodRows compares all rules at a goal.
func (b *Bench) likelihoodRows(goal float64, runs map[string][]machineRun) (rows []*LikelihoodRow) {
	byLabel := map[string]*LikelihoodRow{}
	for _, a := range b.arms() {
		row := newLikelihoodRow(a.label, goal, runs[a.label])
		byLabel[a.label] = row
		rows = append(rows, row)
	}
	for i, a := range b.arms() {
		rows[i].save(byLabel[b.baselineOf(a)])
	}
	return rows
}

// newLikelihoodRow summarizes the runs of a rule at a goal.
func newLikelihoodRow(label string, goal float64, runs []machineRun) *LikelihoodRow {
	r := &LikelihoodRow{Label: label, Goal: goal}
	var ends []float64
	for _, run := range runs {
		r.count(run.Outcome)
		if p, ok := run.crossing(goal); ok {
			r.Reached++
			r.add(p, run.Seed)
		}
		if p, ok := run.end(); ok {
			ends = append(ends, p.likelihood)
		}
	}
	r.LikelihoodCosts, r.Ended = costsOf(&r.arrivals), estimate.Signed(ends)
	return r
}

// crossing returns the first evaluation at or above a goal; ok is false if there is none.
func (r *machineRun) crossing(goal float64) (p machinePoint, ok bool) {
	at := slices.IndexFunc(r.evaluations, func(m rundir.Metrics) bool { return *likelihoodOf(&m) >= goal })
	if at < 0 {
		return p, false
	}
	m := &r.evaluations[at]
	p = machinePoint{
		likelihood: m.Boltzmann.Likelihood.Test, lnZ: m.Boltzmann.Likelihood.LnZ, samples: m.Samples, steps: m.Step, updates: m.Updates,
		Minimum: m.Minimum, Paid: m.Paid, work: m.Boltzmann.Work, witnessWork: m.Boltzmann.WitnessWork,
	}
	p.count(&m.Totals)
	p.deltaF = r.deltaF(p.lnZ)
	return p, true
}

// end returns the end of a run; ok is false if its likelihood is not known.
func (r *machineRun) end() (p machinePoint, ok bool) {
	if !r.Finished() || r.Summary.Likelihood == nil {
		return p, false
	}
	s := r.Summary
	p = machinePoint{
		likelihood: s.Likelihood.Test, lnZ: s.Likelihood.LnZ, samples: s.Samples, steps: s.Steps, updates: s.Updates,
		Minimum: s.Energy.Minimum, Paid: s.Energy.Paid,
	}
	p.count(&s.Energy.Totals)
	if w := s.Work; w != nil {
		p.work = &w.Mean
		if w.Witnesses != nil {
			p.witnessWork = &w.Witnesses.Mean
		}
	}
	p.deltaF = r.deltaF(p.lnZ)
	return p, true
}

// count enters what sampling and passes took.
func (p *machinePoint) count(t *energy.Totals) {
	p.macs = t.MACsEff
	if k := t.Sampling; k != nil {
		p.sampled, p.macs = k.ActiveHidden+k.ActiveVisible, p.macs+k.MACsEffective
	}
}

// deltaF returns ΔF = -ln Z/Z_0 of the machine that had ln Z; nil unless the end of the run tells ln Z_0.
func (r *machineRun) deltaF(lnZ float64) *float64 {
	s := r.Summary
	if s.Work == nil || s.Work.DeltaF == nil || s.Likelihood == nil {
		return nil
	}
	return value(*s.Work.DeltaF + s.Likelihood.LnZ - lnZ)
}

// The functions here are what points have spent.

func (p machinePoint) m1Inefficiency() *float64 {
	return m1Inefficiency(rundir.Crossing{Paid: p.Paid, M1Min: p.M1Min})
}

func (p machinePoint) m0Inefficiency() *float64 {
	return m0Inefficiency(rundir.Crossing{Paid: p.Paid, M0Min: p.M0Min})
}

func (p machinePoint) dissipated() *float64        { return less(p.work, p.deltaF) }
func (p machinePoint) witnessDissipated() *float64 { return less(p.witnessWork, p.deltaF) }

// less returns a - b, nil if one of them is.
func less(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return value(*a - *b)
}

// costsOf returns what runs have spent.
func costsOf(r *arrivals[machinePoint]) LikelihoodCosts {
	count := func(of func(machinePoint) int64) *estimate.Estimate {
		return r.mean(func(p machinePoint) float64 { return float64(of(p)) })
	}
	signed := func(of func(machinePoint) *float64) *estimate.Estimate { return estimate.Signed(r.values(of)) }
	return LikelihoodCosts{
		Likelihood:        signed(func(p machinePoint) *float64 { return &p.likelihood }),
		Presentations:     count(func(p machinePoint) int64 { return int64(p.samples) }),
		Updates:           count(func(p machinePoint) int64 { return int64(p.updates) }),
		M0:                count(func(p machinePoint) int64 { return p.M0Paid }),
		M1:                r.meanKnown(func(p machinePoint) *float64 { return p.M1Paid }),
		M0Inefficiency:    r.meanKnown(machinePoint.m0Inefficiency),
		M1Inefficiency:    r.meanKnown(machinePoint.m1Inefficiency),
		SampledUnits:      count(func(p machinePoint) int64 { return p.sampled }),
		MACs:              count(func(p machinePoint) int64 { return p.macs }),
		Work:              signed(func(p machinePoint) *float64 { return p.work }),
		DeltaF:            signed(func(p machinePoint) *float64 { return p.deltaF }),
		Dissipated:        signed(machinePoint.dissipated),
		WitnessWork:       signed(func(p machinePoint) *float64 { return p.witnessWork }),
		WitnessDissipated: signed(machinePoint.witnessDissipated),
		Cache:             cacheCostsOf(r),
	}
}

// cacheCostsOf returns the items of what caches paid; nil if a run has none.
func cacheCostsOf(r *arrivals[machinePoint]) *CacheCosts {
	cached := arrivals[rundir.CacheAccount]{}
	for i, p := range r.crossings {
		if p.Cache == nil {
			return nil
		}
		cached.add(*p.Cache, r.seeds[i])
	}
	if len(cached.seeds) == 0 {
		return nil
	}
	return &CacheCosts{
		M0Consolidated: cached.mean(func(c rundir.CacheAccount) float64 { return float64(c.M0Consolidated) }),
		M1Consolidated: cached.mean(func(c rundir.CacheAccount) float64 { return c.M1Consolidated }),
		ResidualM0:     cached.mean(func(c rundir.CacheAccount) float64 { return float64(c.ResidualM0) }),
		ResidualM1:     cached.meanKnown(func(c rundir.CacheAccount) *float64 { return c.ResidualM1 }),
	}
}

// save fills in the savings relative to the baseline's row, which may be r.
func (r *LikelihoodRow) save(baseline *LikelihoodRow) {
	from := &baseline.arrivals
	r.Baseline = baseline.Label
	r.PresentationsSaving = r.saving(from, known(func(p machinePoint) float64 { return float64(p.samples) }))
	r.M0Saving = r.saving(from, known(func(p machinePoint) float64 { return float64(p.M0Paid) }))
	r.M1Saving = r.saving(from, func(p machinePoint) *float64 { return p.M1Paid })
	r.WorkSaving = r.saving(from, machinePoint.dissipated)
}
