package sweep

import (
	"slices"

	"ergon/sweep/freeenergy"
	"ergon/train/rundir"
)

// FreeEnergy is what a benchmark along learning rates tells of F = U - T·S: see package freeenergy.
type FreeEnergy struct {
	freeenergy.Settings
	Curves []*freeenergy.Curve `json:"curves"` // rules × grid axes but the learning rate, in their order
}

// freeEnergy computes the curves of outcomes; nil where it is not asked for.
func (b *Bench) freeEnergy(outcomes []Outcome) *FreeEnergy {
	if b.FreeEnergy == nil {
		return nil
	}
	f := &FreeEnergy{Settings: *b.FreeEnergy, Curves: []*freeenergy.Curve{}}
	labels, rates := b.alongRates(outcomes)
	for _, label := range labels {
		f.Curves = append(f.Curves, freeenergy.New(label, rates[label], *b.FreeEnergy))
	}
	return f
}

// alongRates sorts outcomes by curve and learning rate; labels has the curves in the order of the arms.
func (b *Bench) alongRates(outcomes []Outcome) (labels []string, rates map[string][]freeenergy.Rate) {
	runs := map[string][]freeenergy.Run{}
	for i := range outcomes {
		runs[outcomes[i].Label] = append(runs[outcomes[i].Label], measured(&outcomes[i]))
	}
	rates = map[string][]freeenergy.Rate{}
	for _, a := range b.arms() {
		label, lr := b.curveOf(a)
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
		rates[label] = append(rates[label], freeenergy.Rate{LR: lr, Runs: runs[a.label]})
	}
	return labels, rates
}

// curveOf returns the label of an arm without its learning rate, and the rate.
func (b *Bench) curveOf(a arm) (label string, lr float64) {
	label = a.rule
	for _, s := range a.grid {
		if s.Path == lrPath {
			lr = learningRate(s)
		} else {
			label += " " + b.shortPath(s.Path) + "=" + s.Value
		}
	}
	return label, lr
}

// measured returns what a cell says of U and S, or why it says nothing.
func measured(o *Outcome) freeenergy.Run {
	r := freeenergy.Run{Seed: o.Seed, Ended: o.Finished()}
	switch s := o.Summary; {
	case o.Err != nil:
		r.Why = "failed: " + o.Err.Error()
	case !r.Ended:
		r.Why = o.Status()
	case s.Status == rundir.StatusDiverged:
		r.Why = string(rundir.StatusDiverged)
	case s.NoFreeEnergy != "": // windows before the last are of a run that has not settled
		r.Why = s.NoFreeEnergy
	default:
		r.Measured = s.FreeEnergy
	}
	return r
}
