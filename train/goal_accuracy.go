package train

import (
	"math"

	"ergon/internal/state"
	"ergon/train/rundir"
)

// goalAccuracy is what goals are compared with: the accuracy of the last evaluation, or the
// mean of the last few. It keeps right answers and not accuracies, so that the mean is rounded
// once, as an accuracy is, and is at a goal where exactly as many answers are right.
type goalAccuracy struct {
	over     int   // evaluations
	examples int   // of the set that goals look at
	right    []int // answers in each of the last evaluations, at most over, the oldest first
}

var _ state.Stateful = (*goalAccuracy)(nil)

// newGoalAccuracy returns that of a run that has not been evaluated.
func newGoalAccuracy(r *Run) *goalAccuracy {
	set := r.Data.Test
	if r.Data.Validation != nil {
		set = r.Data.Validation
	}
	return &goalAccuracy{over: r.Config.Train.GoalEvaluations(), examples: set.Len()}
}

// observe enters an evaluation, and returns the accuracy for goals; nil for real-valued
// targets, and before there were enough evaluations.
func (g *goalAccuracy) observe(m *rundir.Metrics) *float64 {
	accuracy := m.GoalAccuracy()
	if accuracy == nil || g.over == 1 {
		return accuracy
	}
	g.right = append(g.right, int(math.Round(*accuracy*float64(g.examples))))
	g.right = g.right[max(0, len(g.right)-g.over):]
	if len(g.right) < g.over {
		return nil
	}
	sum := 0
	for _, n := range g.right {
		sum += n
	}
	mean := float64(sum) / float64(g.over*g.examples)
	return &mean
}

// State implements state.Stateful. One evaluation alone is not remembered.
func (g *goalAccuracy) State(v state.Visitor) {
	if g.over > 1 {
		v.JSON("right", &g.right)
	}
}
