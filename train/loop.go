package train

import (
	"cmp"
	"context"

	"ergon/train/rundir"
)

// Train runs until a goal, the budget, a divergence or the end of ctx, and
// returns the summary. Its Status says what ended the run; the error is nil unless
// that is StatusFailed: a step or a hook returned an error.
func (r *Run) Train(ctx context.Context, hooks ...Hook) (*rundir.Summary, error) {
	summaries, errs := Together(ctx, []Job{{r, hooks}})
	return summaries[0], errs[0]
}

// Job is a run with its hooks.
type Job struct {
	Run   *Run
	Hooks []Hook
}

// Together trains several runs side by side, each as Run.Train would, and
// returns a summary and an error for each. More than one need a GPU for engine
// and have one Shape; the GPU then makes the steps of all of them at once.
func Together(ctx context.Context, jobs []Job) ([]*rundir.Summary, []error) {
	sessions, runs := make([]*session, len(jobs)), make([]*Run, len(jobs))
	for i, job := range jobs {
		sessions[i], runs[i] = newSession(ctx, job), job.Run
		defer sessions[i].joules.leave() // also in a panic
		sessions[i].fail(sessions[i].restore())
	}
	d, err := newDriver(runs)
	if err != nil {
		d = noDriver{}
	}
	for i, s := range sessions {
		s.start() // also without a driver: the run's directory then says why it failed
		s.fail(err)
		s.closeIfDone(ctx, i, d)
	}
	loop(ctx, d, sessions)
	err = d.close()
	summaries, errs := make([]*rundir.Summary, len(sessions)), make([]error, len(sessions))
	for i, s := range sessions {
		summaries[i], errs[i] = s.summary, cmp.Or(s.err, err)
	}
	return summaries, errs
}

// loop makes steps and evaluations until every session is done.
func loop(ctx context.Context, d driver, sessions []*session) {
	for {
		n, running := d.stepsAtOnce(), false
		for i, s := range sessions {
			if s.done {
				continue
			}
			s.closeWindow(ctx) // full since before it was saved
			if ctx.Err() != nil {
				s.fail(s.save())
				s.interrupt(ctx)
				s.closeIfDone(ctx, i, d)
				continue
			}
			if s.pending && !s.done { // since before it was saved
				s.evaluate(ctx, func() (Evaluations, error) { return d.evaluate(ctx, i) })
			}
			s.closeIfDone(ctx, i, d)
			if !s.done && !s.pending {
				n = min(n, s.untilStop())
			}
			running = running || !s.done
		}
		if !running {
			return
		}
		errs := d.runSteps(n)
		for i, s := range sessions {
			if s.done {
				continue
			}
			if s.fail(errs[i]); !s.done {
				s.afterSteps(ctx, func() (Evaluations, error) { return d.evaluate(ctx, i) })
			}
			if !s.done && s.saved.due(s.run) {
				s.fail(s.save())
			}
			s.closeIfDone(ctx, i, d)
		}
	}
}
