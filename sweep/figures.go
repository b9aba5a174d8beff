package sweep

import (
	"errors"
	"math"
	"path/filepath"

	"ergon/internal/atomicfile"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// figureNames are the figures of a benchmark, and formats how each is written.
var (
	figureNames = []string{
		"accuracy-presentations", "accuracy-m0", "accuracy-m1", "accuracy-work", "front-m0", "front-m1", "inefficiency", "frontier", "accuracy-grid",
		"free-energy-states", "free-energy-temperature", "free-energy-valleys", "free-energy-collapse", "free-energy-bridge",
		"likelihood-presentations", "likelihood-m0", "likelihood-m1", "likelihood-work",
	}
	formats = []string{"png", "svg", "pdf"}
)

// writeFigures draws the figures of a benchmark into its folder, each as PNG, SVG and PDF:
// learning curves against presentations, M0, M1 and, where it is measured, dissipated
// work, the Pareto fronts of M0 and M1, the inefficiency M1/M1min, the frontier of writes and
// accumulator updates, what a grid of numbers does to the accuracy, the free energy of rates, and the likelihood of Boltzmann
// machines against the same and the work on their chains. Figures that would be empty are left out.
func (r *Report) writeFigures(folder string) error {
	curves, err := r.curves(accuracyOf)
	if err != nil {
		return err
	}
	var machines []curve
	if r.Likelihood != nil {
		if machines, err = r.curves(likelihoodOf); err != nil {
			return err
		}
	}
	const samples, changed, amount = "presentations", "synapses changed, M0", "amount of change, M1"
	paid := func(m rundir.Metrics) float64 {
		if m.M1Paid == nil {
			return math.NaN()
		}
		return *m.M1Paid
	}
	dissipated := func(m rundir.Metrics) float64 {
		if m.Work == nil || m.Work.Dissipated == nil {
			return 0 // not measured: not drawn
		}
		return *m.Work.Dissipated
	}
	shown := func(m rundir.Metrics) float64 { return float64(m.Samples) }
	synapses := func(m rundir.Metrics) float64 { return float64(m.M0Paid) }
	for i, f := range []*figure{ // in the order of their names
		r.learning(curves, samples, shown),
		r.learning(curves, changed, synapses),
		r.learning(curves, amount, paid),
		r.learning(curves, "work dissipated, in units of the loss", dissipated),
		r.front(changed, "m0", func(r *Row) *estimate.Estimate { return r.M0 }),
		r.front(amount, "m1", func(r *Row) *estimate.Estimate { return r.M1 }),
		r.inefficiency(),
		r.frontier(),
		r.grid(),
		r.energyStates(), r.energyTemperature(), r.energyValleys(), r.energyCollapse(), r.energyBridge(),
		r.likelihoods(machines, samples, false, shown),
		r.likelihoods(machines, changed, false, synapses),
		r.likelihoods(machines, amount, false, paid),
		r.likelihoods(machines, "mean work on the chains, kT", true, workOf),
	} {
		err = errors.Join(err, f.write(folder, figureNames[i]))
	}
	return err
}

// write writes NAME.png, NAME.svg and NAME.pdf, or removes them if the figure is empty.
func (f *figure) write(folder, name string) error {
	var err error
	for _, format := range formats {
		file := filepath.Join(figureFolder, name+"."+format)
		if f.empty() {
			err = errors.Join(err, atomicfile.RemoveIn(folder, file))
		} else {
			err = errors.Join(err, f.save(folder, file, format))
		}
	}
	return err
}
