package sweep

import (
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/sweep/estimate"
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

	arrivals[endOfRun]
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

// endOfRun is a run that has come to its end, and knows its likelihood there.
type endOfRun struct{ *Outcome }

// newLikelihoodEnd summarizes the runs of a rule at their end.
func newLikelihoodEnd(label string, runs []Outcome, published *Published) *LikelihoodEnd {
	e := &LikelihoodEnd{Label: label, Missing: []MissingRun{}, Published: published}
	var points arrivals[machinePoint]
	for i := range runs {
		o := &runs[i]
		e.count(o)
		if p, ok := likelihoodAtEnd(o); ok {
			e.Reached++
			points.add(p, o.Seed)
			e.add(endOfRun{o}, o.Seed)
			e.note(o)
		} else {
			e.Missing = append(e.Missing, MissingRun{o.Seed, whyUnknown(o)})
		}
	}
	e.LikelihoodCosts = costsOf(&points)
	e.Train = estimate.Signed(e.values(func(o endOfRun) *float64 { return o.Summary.Likelihood.Train }))
	e.LnZGap = estimate.Signed(e.values(endOfRun.lnZGap))
	e.PseudoLikelihood = estimate.Signed(e.values(endOfRun.pseudoLikelihood))
	e.Sampling = e.samplingCosts()
	return e
}

// note enters how a run's ln Z was found.
func (e *LikelihoodEnd) note(o *Outcome) {
	l := o.Summary.Likelihood
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

// whyUnknown says why the likelihood of a run is not known.
func whyUnknown(o *Outcome) string {
	switch {
	case o.Err != nil:
		return "failed: " + o.Err.Error()
	case !o.Finished() || o.Summary.NoLikelihood == "":
		return o.Status()
	}
	return o.Summary.NoLikelihood
}

func (o endOfRun) lnZGap() *float64 {
	return less(o.Summary.Likelihood.LnZReverse, &o.Summary.Likelihood.LnZ)
}

// pseudoLikelihood is the loss on the test set with its sign changed, if visible units are binary.
func (o endOfRun) pseudoLikelihood() *float64 {
	rbm, ok := o.Config.Model.(*boltzmann.RBM)
	if !ok || o.Summary.TestLoss == nil {
		return nil
	}
	if _, binary := rbm.Visible.(unit.Bernoulli); !binary {
		return nil
	}
	return value(-*o.Summary.TestLoss)
}

// samplingCosts returns what sampling took; nil if a run does not sample.
func (e *LikelihoodEnd) samplingCosts() *SamplingCosts {
	for _, o := range e.crossings {
		if o.Summary.Energy.Sampling == nil {
			return nil
		}
	}
	if len(e.crossings) == 0 {
		return nil
	}
	return &SamplingCosts{
		Sweeps:        e.mean(func(o endOfRun) float64 { return float64(o.Summary.Energy.Sampling.Sweeps) }),
		MACsEffective: e.mean(func(o endOfRun) float64 { return float64(o.Summary.Energy.Sampling.MACsEffective) }),
		ActiveHidden:  e.mean(func(o endOfRun) float64 { return float64(o.Summary.Energy.Sampling.ActiveHidden) }),
		ActiveVisible: e.mean(func(o endOfRun) float64 { return float64(o.Summary.Energy.Sampling.ActiveVisible) }),
	}
}

// publishedEnd returns what a paper reports for an arm at the end of its runs, or else for its rule.
func (b *Bench) publishedEnd(a arm) *Published { return b.publishedFor(a, 0) }
