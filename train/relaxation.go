package train

import "ergon/train/rundir"

// relaxationOf sums up the relaxations of all training steps; nil where nothing relaxes.
func relaxationOf(r *Run) *rundir.Relaxation {
	var presentations, iterations int64
	var report rundir.Relaxation
	for batch, p := range r.programs {
		if account := p.Relaxation; account != nil && batch <= r.Config.Train.Batch { // a larger one is the gradients' probe
			presentations += account.Presentations
			iterations += account.Iterations
			report.Stuck += account.Stuck
			report.Residual = max(report.Residual, account.Largest)
		}
	}
	if presentations == 0 {
		return nil
	}
	report.Iterations = float64(iterations) / float64(presentations)
	return &report
}
