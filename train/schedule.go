package train

// Limit returns the number of steps after which the budget is spent: the least of
// those that the config limits. A limit of presentations is reached by the step that
// makes the last of them, and no more: see presentations.
func (r *Run) Limit() int {
	c := r.Config.Train
	limit := 0
	for _, steps := range []int{c.Epochs * r.sampler.StepsPerEpoch(), c.MaxSteps, r.sampler.StepsTo(c.MaxPresentations)} {
		if steps > 0 && (limit == 0 || steps < limit) {
			limit = steps
		}
	}
	return limit
}

// presentations returns how many a step makes: a batch, or what is left of an epoch or of
// train.max_presentations. A step after that limit, as who times steps may make, is whole.
func (r *Run) presentations(step int) int {
	made := r.sampler.PresentedBy(step)
	n := r.sampler.PresentedBy(step+1) - made
	if left := r.Config.Train.MaxPresentations - made; left > 0 {
		n = min(n, left)
	}
	return n
}

// batch returns the examples of a step, valid until the next call.
func (r *Run) batch(step int) []int32 {
	return r.sampler.Batch(uint64(step))[:r.presentations(step)]
}

// evaluations returns how many a run makes that goes on to its limit.
func (r *Run) evaluations() int {
	limit, c := r.Limit(), r.Config.Train
	if every := c.EvalPresentations; every > 0 {
		total := r.sampler.PresentedBy(limit)
		if c.MaxPresentations > 0 {
			total = min(total, c.MaxPresentations)
		}
		return min(limit, 1+(total-1)/every) // at most one after each step
	}
	every := c.EvalEvery
	if every == 0 {
		every = r.sampler.StepsPerEpoch()
	}
	return 1 + (limit-1)/every
}

// nextEvaluation returns the step after which the next evaluation is due, the last of
// the run apart: a multiple of the interval in steps, or the step that reaches the
// next multiple of the interval in presentations.
func (r *Run) nextEvaluation() int {
	if every := r.Config.Train.EvalPresentations; every > 0 {
		return r.sampler.StepsTo((r.Samples/every + 1) * every)
	}
	every := r.Config.Train.EvalEvery
	if every == 0 {
		every = r.sampler.StepsPerEpoch()
	}
	return (r.Steps/every + 1) * every
}
