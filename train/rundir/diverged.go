package rundir

import "fmt"

// Diverged is the error of a run whose numbers are no longer finite.
type Diverged struct {
	Step  int    `json:"step"`  // the step in which it was seen
	Layer string `json:"layer"` // the first layer affected
	What  string `json:"what"`  // "activity", "loss", "update" or "weights"
}

// Error implements error.
func (d *Diverged) Error() string {
	return fmt.Sprintf("diverged at step %d: the %s of %s is not finite; a smaller rule.optimizer.lr or a rule.clip may help", d.Step, d.What, d.Layer)
}
