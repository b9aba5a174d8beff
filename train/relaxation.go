package train

import (
	"ergon/graph"
	"ergon/train/rundir"
)

// addRelaxations moves the counts of the programs, one for each size of batch, to those of
// the run.
func (r *Run) addRelaxations() {
	for batch, p := range r.programs {
		if account := p.Relaxation; account != nil && batch <= r.Config.Train.Batch { // a larger one is the gradients' probe
			r.relaxed.Add(account.Rest)
			account.Rest = graph.Rest{}
		}
	}
}

// relaxationOf sums up the relaxations of all training steps; nil where nothing relaxes.
func relaxationOf(r *Run) *rundir.Relaxation {
	r.addRelaxations()
	if r.relaxed.Presentations == 0 {
		return nil
	}
	return &rundir.Relaxation{
		Iterations: float64(r.relaxed.Iterations) / float64(r.relaxed.Presentations),
		Stuck:      r.relaxed.Stuck, Residual: r.relaxed.Largest,
	}
}
