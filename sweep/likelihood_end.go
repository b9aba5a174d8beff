package sweep

import (
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// LikelihoodEnd is what a rule's runs have become at their end. Estimates are over the runs whose
// likelihood is known there.
type LikelihoodEnd struct {
	Label string `json:"label"`
	Runs         // reached: whose likelihood is known
	LikelihoodCosts
	Train  *estimate.Estimate `json:"train_likelihood"`
	Method string             `json:"method"` // of ln Z: exact, ais, jarzynski, or those of the runs in turn
	// LnZError is the standard error of ln Z of a run, the largest of the runs; 0 if it is exact.
	LnZError *float64 `json:"ln_z_standard_error"`
	// LnZGap is ln Z of annealing back from the chains, less that of annealing forward.
	LnZGap           *estimate.Estimate `json:"ln_z_gap"`
	PseudoLikelihood *estimate.Estimate `json:"pseudo_likelihood"` // of the test set, nats per example; nil unless visible units are binary
	Sampling         *SamplingCosts     `json:"sampling"`          // nil unless all runs sample
	Missing          []MissingRun       `json:"missing"`
	Published        *Published         `json:"published"`

	arrivals[machineRun]
}

// SamplingCosts are the items of what Gibbs sampling took.
type SamplingCosts struct {
	Sweeps        *estimate.Estimate `json:"sweeps"` // of a chain
	MACsEffective *estimate.Estimate `json:"macs_effective"`
	ActiveHidden  *estimate.Estimate `json:"active_hidden"`
	ActiveVisible *estimate.Estimate `json:"active_visible"`
}

// MissingRun is a run whose likelihood is not known at its end.
type MissingRun struct {
	Seed uint64 `json:"seed"`
	Why  string `json:"why"`
}

// newLikelihoodEnd summarizes the runs of a rule at their end.
func newLikelihoodEnd(label string, runs []machineRun, published *Published) *LikelihoodEnd {
	e := &LikelihoodEnd{Label: label, Missing: []MissingRun{}, Published: published}
	var points arrivals[machinePoint]
	for _, run := range runs {
		e.count(run.Outcome)
		p, ok := run.end()
		if why := run.unknown(ok); why != "" {
			e.Missing = append(e.Missing, MissingRun{run.Seed, why})
		}
		if ok {
			e.Reached++
			points.add(p, run.Seed)
			e.add(run, run.Seed)
			e.note(run.Summary.Likelihood)
		}
	}
	e.LikelihoodCosts = costsOf(&points)
	e.Train = estimate.Signed(e.values(func(r machineRun) *float64 { return r.Summary.Likelihood.Train }))
	e.LnZGap = estimate.Signed(e.values(machineRun.lnZGap))
	e.PseudoLikelihood = estimate.Signed(e.values(machineRun.pseudoLikelihood))
	e.Sampling = e.samplingCosts()
	return e
}

// note enters how a run's ln Z was found.
func (e *LikelihoodEnd) note(l *rundir.Likelihood) {
	switch e.Method {
	case "":
		e.Method = l.Method
	case l.Method:
	default:
		e.Method += ", " + l.Method
	}
	const reach = 6 // standard errors from Lo to Hi
	if spread := (l.Hi - l.Lo) / reach; e.LnZError == nil || spread > *e.LnZError {
		e.LnZError = &spread
	}
}

// unknown says why the likelihood of a run is not known at its end, which atEnd says, or on the way; "" if
// it is.
func (r *machineRun) unknown(atEnd bool) string {
	switch {
	case r.Err != nil:
		return "failed: " + r.Err.Error()
	case r.err != nil:
		return r.err.Error()
	case atEnd:
		return ""
	case !r.Finished() || r.Summary.NoLikelihood == "":
		return r.Status()
	}
	return r.Summary.NoLikelihood
}

func (r machineRun) lnZGap() *float64 {
	return less(r.Summary.Likelihood.LnZReverse, &r.Summary.Likelihood.LnZ)
}

// pseudoLikelihood is the loss on the test set with its sign changed, if visible units are binary.
func (r machineRun) pseudoLikelihood() *float64 {
	rbm, ok := r.Config.Model.(*boltzmann.RBM)
	if !ok || r.Summary.TestLoss == nil {
		return nil
	}
	if _, binary := rbm.Visible.(unit.Bernoulli); !binary {
		return nil
	}
	return value(-*r.Summary.TestLoss)
}

// samplingCosts returns what sampling took; nil if a run does not sample.
func (e *LikelihoodEnd) samplingCosts() *SamplingCosts {
	for _, r := range e.crossings {
		if r.Summary.Energy.Sampling == nil {
			return nil
		}
	}
	if len(e.crossings) == 0 {
		return nil
	}
	return &SamplingCosts{
		Sweeps:        e.mean(func(r machineRun) float64 { return float64(r.Summary.Energy.Sampling.Sweeps) }),
		MACsEffective: e.mean(func(r machineRun) float64 { return float64(r.Summary.Energy.Sampling.MACsEffective) }),
		ActiveHidden:  e.mean(func(r machineRun) float64 { return float64(r.Summary.Energy.Sampling.ActiveHidden) }),
		ActiveVisible: e.mean(func(r machineRun) float64 { return float64(r.Summary.Energy.Sampling.ActiveVisible) }),
	}
}

// publishedEnd returns what a paper reports for an arm at the end of its runs, or else for its rule.
func (b *Bench) publishedEnd(a arm) *Published { return b.publishedFor(a, 0) }
