package train

import (
	"cmp"
	"context"

	"ergon/train/rundir"
)

// Train runs until a goal, the budget, a divergence or the end of ctx, and
// returns the summary. What ended the run is its Status; the error is nil unless
// that is StatusFailed: a step or a hook could not do its work.
func (r *Run) Train(ctx context.Context, hooks ...Hook) (*rundir.Summary, error) {
	summaries, errs := Together(ctx, []Entrant{{r, hooks}})
	return summaries[0], errs[0]
}

// Entrant is a run with its hooks.
type Entrant struct {
	Run   *Run
	Hooks []Hook
}

// Together trains several runs side by side, each as Run.Train would, and
// returns a summary and an error for each. More than one need a GPU for engine
// and have one Shape; it then makes the steps of all at once.
func Together(ctx context.Context, entrants []Entrant) ([]*rundir.Summary, []error) {
	courses, runs := make([]*course, len(entrants)), make([]*Run, len(entrants))
	for i, e := range entrants {
		courses[i], runs[i] = newCourse(ctx, e), e.Run
		defer courses[i].joules.leave() // also in a panic
	}
	steps, err := newStepper(runs)
	if err != nil {
		steps = noStepper{}
	}
	for i, c := range courses {
		c.start() // also of a run that cannot go on: its directory then says why
		c.fail(err)
		c.leaveIfOver(i, steps)
	}
	loop(ctx, steps, courses)
	err = steps.close()
	summaries, errs := make([]*rundir.Summary, len(courses)), make([]error, len(courses))
	for i, c := range courses {
		summaries[i], errs[i] = c.summary, cmp.Or(c.err, err)
	}
	return summaries, errs
}

// loop makes steps and evaluations until every course is over.
func loop(ctx context.Context, steps stepper, courses []*course) {
	for {
		n, going := steps.horizon(), false
		for i, c := range courses {
			if c.over {
				continue
			}
			if ctx.Err() != nil {
				c.finish(rundir.StatusInterrupted)
				c.leaveIfOver(i, steps)
				continue
			}
			n, going = min(n, c.untilStop()), true
		}
		if !going {
			return
		}
		errs := steps.advance(n)
		for i, c := range courses {
			if c.over {
				continue
			}
			if c.fail(errs[i]); !c.over {
				c.arrive(func() (Evaluation, error) { return steps.evaluate(i) })
			}
			c.leaveIfOver(i, steps)
		}
	}
}
