package train

import (
	"fmt"
	"math"

	"ergon/masks/rules"
	"ergon/masks/rules/pulsed"
)

// noteBound says how many weights begin beyond the bounds of their devices, such as the visible biases
// of a machine that begin at the means of its data; "": none does. The first change of such a weight
// is to its bound, however small the update.
func (r *Run) noteBound() string {
	bound := boundOf(r)
	count, all, largest := 0, 0, 0.0
	for _, weights := range r.initial {
		all += len(weights)
		for _, w := range weights {
			if size := math.Abs(float64(w)); size > bound {
				count++
				largest = max(largest, size)
			}
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d weights and biases begin beyond rule.optimizer.bound, %g, the largest at %.3g: their first change is to the bound, whatever the update; a larger bound, or .inf, leaves them",
		count, all, bound, largest)
}

// boundOf returns the largest |w| of the devices that a run's optimizer moves.
func boundOf(r *Run) float64 {
	switch o := r.Config.Rule.Optimizer.(type) {
	case *pulsed.Pulsed:
		return o.Bound
	case *rules.Manhattan:
		return o.Bound
	}
	return math.Inf(1)
}

// noteSustain says that the run makes fewer evaluations than goals look at; "": it does not.
func (r *Run) noteSustain() string {
	c := r.Config.Train
	over := c.GoalEvaluations()
	if n := r.evaluations(); (len(c.Goals) > 0 || c.StopAt > 0) && n < over {
		return fmt.Sprintf("goals look at the mean of train.sustain = %d evaluations, and the run makes %d: none can be reached", over, n)
	}
	return ""
}
