package train

import (
	"context"
	"errors"
	"time"

	"ergon/train/rundir"
)

// course is a run on its way: what has become of it, and who looks on.
type course struct {
	run     *Run
	hooks   []Hook
	started []Hook // those to be told of the end
	summary *rundir.Summary
	joules  *metering
	err     error
	over    bool
}

func newCourse(ctx context.Context, e Entrant) *course {
	r := e.Run
	joules := startMetering(ctx, r)
	r.Started = time.Now()
	return &course{run: r, hooks: e.Hooks, joules: joules, summary: &rundir.Summary{Name: r.Config.Name, Seed: r.Config.Seed}}
}

// start starts the hooks.
func (c *course) start() {
	for _, h := range c.hooks {
		if err := h.Start(c.run); err != nil {
			c.fail(err)
			return
		}
		c.started = append(c.started, h)
	}
	if c.run.Steps >= c.run.Limit() {
		c.finish(rundir.StatusBudgetSpent)
		return
	}
	c.joules.resume()
}

// finish ends the course, for the first reason there is.
func (c *course) finish(s rundir.Status) {
	if !c.over {
		c.summary.Status, c.over = s, true
	}
}

// fail ends the course because of an error, if there is one.
func (c *course) fail(err error) {
	if err == nil {
		return
	}
	if diverged := new(rundir.Diverged); errors.As(err, &diverged) {
		c.summary.Diverged = diverged
		c.finish(rundir.StatusDiverged)
		return
	}
	c.over = true
	c.err = errors.Join(c.err, err)
	c.summary.Status, c.summary.Error = rundir.StatusFailed, c.err.Error()
}

// untilStop returns how many steps there are to the next that is more than a
// step: an evaluation, a logged step, the last.
func (c *course) untilStop() int {
	r := c.run
	n := min(r.Limit()-r.Steps, r.evaluationInterval()-r.Steps%r.evaluationInterval())
	if every := r.Config.Train.LogEvery; every > 0 {
		n = min(n, every-r.Steps%every)
	}
	return n
}

// arrive does what is due after steps have been made.
func (c *course) arrive(evaluate func() (Evaluation, error)) {
	r := c.run
	for _, h := range c.hooks {
		if err := h.Step(r); err != nil {
			c.fail(err)
			return
		}
	}
	last := r.Steps >= r.Limit()
	if r.Steps%r.evaluationInterval() != 0 && !last {
		return
	}
	c.joules.pause()
	defer c.goOn()
	e, err := evaluate()
	if err != nil {
		c.fail(err)
		return
	}
	m, err := r.takeStock(e)
	if err != nil {
		c.fail(err)
		return
	}
	recordEvaluation(c.summary, r, m)
	for _, h := range c.hooks {
		if err := h.Evaluate(r, m); err != nil {
			c.fail(err)
			return
		}
	}
	if goal := r.Config.Train.StopAt; goal > 0 && m.TestAccuracy != nil && *m.TestAccuracy >= goal {
		c.finish(rundir.StatusReachedGoal)
	} else if last {
		c.finish(rundir.StatusBudgetSpent)
	}
}

// goOn measures again after an evaluation, unless that was the last.
func (c *course) goOn() {
	if !c.over {
		c.joules.resume()
	}
}

// leaveIfOver brings the weights of a course that is over home, closes its
// summary and tells the hooks.
func (c *course) leaveIfOver(i int, steps stepper) {
	if !c.over {
		return
	}
	c.joules.pause()
	c.fail(steps.end(i))
	completeSummary(c.summary, c.run)
	c.joules.close(&c.summary.Energy)
	for _, h := range c.started {
		c.err = errors.Join(c.err, h.End(c.run, c.summary))
	}
}
