package launch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"ergon/configs"
	"ergon/sweep"
	"ergon/train/rundir"
)

// sample is how long a cell runs at most to be timed.
const sample = 10 * time.Second

// Time decides how many cells a pack has, where nothing says it yet. Where neither a
// setting nor a finished cell says how long one takes, it runs the first for up to ten
// seconds: a cell that ends in that time is done, and from another one its budget says how
// much longer it would take.
func (s *Sweep) Time(ctx context.Context, note func(string)) error {
	if s.list.Pack > 0 {
		return nil
	}
	l := s.list.Launch
	cellS := l.CellS
	if cellS == 0 && l.Pack == 0 {
		var err error
		if cellS, err = s.measured(ctx, note); err != nil {
			return err
		}
	}
	s.list.Pack = packOf(l, cellS, len(s.cells))
	return s.list.write(s.Folder)
}

// measured returns the seconds that a cell takes: the mean of those that are finished, or
// what the first one shows.
func (s *Sweep) measured(ctx context.Context, note func(string)) (float64, error) {
	outcomes, err := sweep.Look(s.cells, s.options(nil))
	if err != nil {
		return 0, err
	}
	sum, n := 0.0, 0
	for i := range outcomes {
		if outcomes[i].Finished() {
			sum += outcomes[i].Summary.Wall
			n++
		}
	}
	if n > 0 {
		return sum / float64(n), nil
	}
	timed, cancel := context.WithTimeoutCause(ctx, sample, errors.New("the measurement of its time"))
	defer cancel()
	outcomes, err = s.run(timed, s.cells[:1], work{jobs: 1, note: note, trial: true})
	if err != nil {
		return 0, err
	}
	o := &outcomes[0]
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case o.Err != nil:
		return 0, fmt.Errorf("the first cell (%s, seed %d) failed when it was to be timed, and nothing was submitted: %w; if tasks can run it, submit with --set cell_s=SECONDS", o.Label, o.Seed, o.Err)
	case o.Summary == nil:
		return 0, errors.New("the first cell was not run, and how long a cell takes is not known: submit with --set cell_s=SECONDS")
	}
	seconds := o.Summary.Wall // of all parts, if it went on from a state
	if !o.Finished() {
		seconds *= share(o.Config.Train, o.Summary)
	}
	note(fmt.Sprintf("a cell takes about %.3g s", seconds))
	return seconds, nil
}

// share returns how many times longer than until now a run would take to its end.
func share(t configs.Train, s *rundir.Summary) float64 {
	times := math.Inf(1)
	for _, limit := range []struct{ all, until float64 }{
		{float64(t.MaxSteps), float64(s.Steps)}, {float64(t.MaxPresentations), float64(s.Samples)}, {float64(t.Epochs), s.Epochs},
	} {
		if limit.all > 0 && limit.until > 0 {
			times = min(times, limit.all/limit.until)
		}
	}
	if math.IsInf(times, 1) { // not one step was made
		return 1
	}
	return max(1, times)
}
