package freeenergy

import "ergon/train/rundir"

// scale is the learning rate against which a curve is drawn, the same one for all its runs.
type scale struct {
	name string
	of   func(grid float64, w *rundir.FreeEnergyWindow) float64
}

// scaleOf returns the effective rate η/|w|² where all runs have one; else η at the end of the run; and
// where that is not known, as of optimizers that divide by running means, what the grid sets.
func scaleOf(rates []Rate) scale {
	all := func(of func(*rundir.FreeEnergyWindow) *float64) bool {
		for _, rate := range rates {
			for i := range rate.Runs {
				if x := valueOf(of(rate.Runs[i].last())); !isFinite(x) || x <= 0 {
					return false
				}
			}
		}
		return len(rates) > 0
	}
	effective := func(w *rundir.FreeEnergyWindow) *float64 { return w.EffectiveRate }
	plain := func(w *rundir.FreeEnergyWindow) *float64 { return w.Rate }
	switch {
	case all(effective):
		return scale{"effective_lr", func(_ float64, w *rundir.FreeEnergyWindow) float64 { return *w.EffectiveRate }}
	case all(plain):
		return scale{"lr", func(_ float64, w *rundir.FreeEnergyWindow) float64 { return *w.Rate }}
	}
	return scale{"lr", func(grid float64, _ *rundir.FreeEnergyWindow) float64 { return grid }}
}
