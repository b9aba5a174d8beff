package train

import (
	"context"
	"errors"
	"time"

	"ergon/train/rundir"
)

// session is one call of Train: a run, its hooks, and the summary being made.
type session struct {
	run     *Run
	hooks   []Hook
	started []Hook // those to be told of the end
	summary *rundir.Summary
	goal    *goalAccuracy
	joules  *metering
	err     error
	done    bool // the summary has its status
	pending bool // an evaluation is due now: the end of ctx stopped it
	saved   saving
	due     int // the step after which the next evaluation is due
}

// newSession measures the baseline, if the config asks for one, and starts the clock.
func newSession(ctx context.Context, job Job) *session {
	r := job.Run
	joules := startMetering(ctx, r)
	r.Started = time.Now()
	s := &session{run: r, hooks: job.Hooks, joules: joules, due: r.nextEvaluation(), goal: newGoalAccuracy(r), summary: newSummary(r)}
	s.saved.begin()
	return s
}

// start starts the hooks, then the meter.
func (s *session) start() {
	if s.done {
		return
	}
	for _, h := range s.hooks {
		if err := h.Start(s.run); err != nil {
			s.fail(err)
			return
		}
		s.started = append(s.started, h)
	}
	if s.run.Steps >= s.run.Limit() && !s.pending {
		s.finish(rundir.StatusBudgetSpent)
		return
	}
	s.joules.resume()
}

// interrupt ends the session because ctx has ended.
func (s *session) interrupt(ctx context.Context) {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		s.summary.InterruptedBy = cause.Error()
	}
	s.finish(rundir.StatusInterrupted)
}

// finish ends the session; the first status that it is given stays.
func (s *session) finish(status rundir.Status) {
	if !s.done {
		s.summary.Status, s.done = status, true
	}
}

// fail ends the session if err is not nil: as diverged for a *rundir.Diverged, else as
// failed.
func (s *session) fail(err error) {
	if err == nil {
		return
	}
	if diverged := new(rundir.Diverged); errors.As(err, &diverged) {
		s.summary.Diverged = diverged
		s.finish(rundir.StatusDiverged)
		return
	}
	s.done = true
	s.err = errors.Join(s.err, err)
	s.summary.Status, s.summary.Error = rundir.StatusFailed, s.err.Error()
}

// untilStop returns the number of steps to the next after which something is due: an
// evaluation, a logged step, a saved state, the end.
func (s *session) untilStop() int {
	r := s.run
	n := min(r.Limit(), s.due) - r.Steps
	if every := r.Config.Train.LogEvery; every > 0 {
		n = min(n, every-r.Steps%every)
	}
	if every := r.Config.Saving.EverySteps; every > 0 {
		n = min(n, every-r.Steps%every)
	}
	return n
}

// afterSteps tells the hooks, and evaluates if an evaluation is due. One that the end of
// ctx stops is not recorded.
func (s *session) afterSteps(ctx context.Context, evaluate func() (Evaluations, error)) {
	r := s.run
	for _, h := range s.hooks {
		if err := h.Step(r); err != nil {
			s.fail(err)
			return
		}
	}
	s.pending = s.pending || r.Steps >= s.due || r.Steps >= r.Limit()
	if s.closeWindow(ctx); s.pending && !s.done && !r.free.due() {
		s.evaluate(ctx, evaluate)
	}
}

// closeWindow estimates the free energy of a window that is full. It stays full if ctx ends.
// Joules of estimating are not those of learning.
func (s *session) closeWindow(ctx context.Context) {
	r := s.run
	if s.done || !r.free.due() {
		return
	}
	s.joules.pause()
	defer s.resume()
	if err := r.free.estimate(ctx, r); err != nil && !errors.Is(err, ctx.Err()) {
		s.fail(err)
	}
}

// evaluate makes the evaluation that is pending.
func (s *session) evaluate(ctx context.Context, evaluate func() (Evaluations, error)) {
	r := s.run
	s.joules.pause()
	defer s.resume()
	e, err := evaluate()
	if err != nil && errors.Is(err, ctx.Err()) {
		return // it stays pending
	} else if err != nil {
		s.fail(err)
		return
	}
	m, err := r.metricsOf(e)
	if err != nil {
		s.fail(err)
		return
	}
	reached := s.goal.observe(m)
	recordEvaluation(s.summary, r, m, reached)
	for _, h := range s.hooks {
		if err := h.Evaluate(r, m); err != nil {
			s.fail(err)
			return
		}
	}
	s.pending, s.due = false, r.nextEvaluation()
	if goal := r.Config.Train.StopAt; goal > 0 && reached != nil && *reached >= goal {
		s.finish(rundir.StatusReachedGoal)
	} else if r.Steps >= r.Limit() {
		s.finish(rundir.StatusBudgetSpent)
	}
}

// resume measures joules again after an evaluation, unless that was the last.
func (s *session) resume() {
	if !s.done {
		s.joules.resume()
	}
}

// findLikelihood completes what a Boltzmann machine has come to. The end of ctx stops that, and the
// run, which goes on with it when it is called again.
func (s *session) findLikelihood(ctx context.Context) {
	err := completeLikelihood(ctx, s.summary, s.run)
	if err == nil || !errors.Is(err, ctx.Err()) {
		return
	}
	if s.fail(s.save()); s.err == nil {
		s.done = false // the status that it was given does not stay
		s.interrupt(ctx)
	}
	s.summary.Likelihood, s.summary.NoLikelihood = nil, "the run was stopped before it was found"
}

// closeIfDone brings the weights of session i to its model if it is done, completes
// its summary and tells the hooks.
func (s *session) closeIfDone(ctx context.Context, i int, d driver) {
	if !s.done {
		return
	}
	s.joules.pause()
	s.fail(d.end(i))
	s.findLikelihood(ctx)
	completeSummary(ctx, s.summary, s.run)
	s.joules.close(&s.summary.Energy)
	noteKilled(s.summary)
	for _, h := range s.started {
		s.err = distinct(s.err, h.End(s.run, s.summary))
	}
}
