package graph

import (
	"fmt"
	"math"
)

// Relaxation says how hidden units come to rest, and how they did so far.
type Relaxation struct {
	Residual float64 // of a presentation at rest, at most: |∂H/∂x| over κ_output or, if more, over the springs' force
	Limit    int     // iterations, at most
	Strict   bool    // a presentation that is not at rest is an error

	Presentations int64   // relaxed
	Iterations    int64   // that they took: evaluations of the force on hidden units
	Stuck         int64   // presentations that did not come to rest
	Largest       float64 // residual of a presentation

	stuck int     // presentations of the last batch
	worst float64 // of the last batch
}

// Begin opens a batch.
func (r *Relaxation) Begin() { r.stuck, r.worst = 0, 0 }

// Record takes note of a presentation, and of the residual force after so
// many iterations. Where it is not a number the loss is none either, and the
// run has diverged.
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

// err is the error that not all of the last batch came to rest.
func (r *Relaxation) err() error {
	if r == nil || !r.Strict || r.stuck == 0 {
		return nil
	}
	return fmt.Errorf("graph: hidden units of %d presentations are not at rest after %d iterations: "+
		"the force left is %.2g of kappa_output, or of their springs' force, and model.residual=%g; "+
		"lower model.kappa_output or the learning rate, take a smooth model.activation, or put up with it by model.stuck=count",
		r.stuck, r.Limit, r.worst, r.Residual)
}
