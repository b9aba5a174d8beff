package graph

import (
	"fmt"
	"math"
)

// Relaxation says when hidden units count as at rest, and counts how they came to rest
// so far.
type Relaxation struct {
	Residual float64 // largest |∂H/∂x| of a presentation at rest, in units of κ_output or of the springs' force, whichever is larger
	Limit    int     // iterations, at most
	Strict   bool    // a presentation that is not at rest is an error

	Rest

	stuck int     // presentations of the last batch that did not come to rest
	worst float64 // their largest residual
}

// Rest counts how hidden units came to rest.
type Rest struct {
	Presentations int64   // relaxed
	Iterations    int64   // that they took in all: evaluations of the force on hidden units
	Stuck         int64   // presentations that did not come to rest
	Largest       float64 // residual of any presentation
}

// Add adds other counts.
func (r *Rest) Add(q Rest) {
	r.Presentations += q.Presentations
	r.Iterations += q.Iterations
	r.Stuck += q.Stuck
	r.Largest = max(r.Largest, q.Largest)
}

// Begin begins a batch.
func (r *Relaxation) Begin() { r.stuck, r.worst = 0, 0 }

// Record counts a presentation with the residual force that is left after so many
// iterations. A force that is not finite is not counted as stuck: the loss is not finite
// either, and the run has diverged.
func (r *Relaxation) Record(iterations int, force float64) {
	r.Presentations++
	r.Iterations += int64(iterations)
	if math.IsNaN(force) || math.IsInf(force, 0) {
		return
	}
	if force <= r.Residual {
		r.Largest = max(r.Largest, force)
		return
	}
	r.Stuck++
	r.stuck++
	r.worst, r.Largest = max(r.worst, force), max(r.Largest, force)
}

// err returns an error if not all of the last batch came to rest and that is one.
func (r *Relaxation) err() error {
	if r == nil || !r.Strict || r.stuck == 0 {
		return nil
	}
	return fmt.Errorf("graph: hidden units of %d presentations are not at rest after %d iterations: "+
		"the force left is %.2g of kappa_output, or of their springs' force, and model.residual=%g; "+
		"lower model.kappa_output or the learning rate, take a smooth model.activation, or put up with it by model.stuck=count",
		r.stuck, r.Limit, r.worst, r.Residual)
}
