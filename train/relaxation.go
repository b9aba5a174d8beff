package train

// Relaxed says how hidden units of a quasistatic network came to rest while it learned.
type Relaxed struct {
	Iterations float64 `json:"iterations"` // mean over presentations: evaluations of the force
	Stuck      int64   `json:"stuck"`      // presentations that did not come to rest, learned from as they were
	Residual   float64 `json:"residual"`   // largest |∂H/∂x| left of a presentation, over kappa_output or, if more, over its springs' force
}

// newRelaxed takes stock of a run; nil where nothing relaxes.
func newRelaxed(r *Run) *Relaxed {
	var presentations, iterations int64
	var report Relaxed
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
