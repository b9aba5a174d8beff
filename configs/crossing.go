package configs

// sustainedOver is how many evaluations crossing sustained looks at where train.sustain does
// not say: enough that one lucky evaluation does not decide, and that a run is seen to reach
// its goal soon after it did.
const sustainedOver = 5

// Sustained says whether goals are reached by the mean accuracy of several evaluations.
func (t *Train) Sustained() bool { return t.Crossing == "sustained" }

// GoalEvaluations returns over how many of the last evaluations goals look at the mean
// accuracy: one where the first evaluation at or above a goal reaches it.
func (t *Train) GoalEvaluations() int {
	switch {
	case !t.Sustained():
		return 1
	case t.Sustain == 0:
		return sustainedOver
	}
	return t.Sustain
}
