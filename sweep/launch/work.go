package launch

import (
	"context"
	"errors"
	"fmt"
	"os"

	"ergon/sweep"
	"ergon/train/rundir"
)

// Worked is what became of the cells that a worker was given.
type Worked struct {
	Cells  int // all that it was given
	Done   int
	Failed int // those that failed before included
}

// Pending returns the number of cells that are neither done nor failed.
func (w Worked) Pending() int { return w.Cells - w.Done - w.Failed }

// Watch is told how cells go on. Both may be nil.
type Watch struct {
	Note    func(text string)
	Observe func(sweep.Progress)
}

// Work runs what is not finished of a pack, jobs cells at a time. Cells that failed before
// are left to [Sweep.Retry].
func (s *Sweep) Work(ctx context.Context, pack, jobs int, watch Watch) (Worked, error) {
	if err := s.resolve(s.bounds(pack)); err != nil {
		return Worked{}, err
	}
	return s.workOn(ctx, s.packed(pack), jobs, watch)
}

// workOn runs what is not finished of cells, unless it failed before.
func (s *Sweep) workOn(ctx context.Context, cells []sweep.Cell, jobs int, watch Watch) (w Worked, err error) {
	failures, err := s.failures()
	if err != nil {
		return w, err
	}
	w.Cells = len(cells)
	var toRun []sweep.Cell
	for _, c := range cells {
		if failures[c.Hash] == nil {
			toRun = append(toRun, c)
		} else if done := sweep.Finished(c, s.Folder); done {
			w.Done++
		} else {
			w.Failed++
		}
	}
	outcomes, err := s.run(ctx, toRun, work{jobs: jobs, note: watch.Note, observe: watch.Observe})
	for i := range outcomes {
		switch o := &outcomes[i]; {
		case o.Finished():
			w.Done++
		case o.Err != nil:
			w.Failed++
		}
	}
	return w, err
}

// work says how cells are run.
type work struct {
	jobs    int
	note    func(string)
	observe func(sweep.Progress)
	trial   bool // that a cell fails here says nothing of the tasks that are to run it
}

// suspectsLast returns cells with those last that were begun and have no end, not even that
// a signal ended them: one of them may have killed its process, and would kill this one
// before the others.
func (s *Sweep) suspectsLast(cells []sweep.Cell) []sweep.Cell {
	var last []sweep.Cell
	first := make([]sweep.Cell, 0, len(cells))
	for _, c := range cells {
		d := c.Directory(s.Folder)
		_, absent := os.Stat(string(d))
		if _, endless := os.Stat(d.Path(rundir.SummaryFile)); absent == nil && endless != nil {
			last = append(last, c)
		} else {
			first = append(first, c)
		}
	}
	return append(first, last...)
}

// run runs cells, and records which failed.
func (s *Sweep) run(ctx context.Context, cells []sweep.Cell, w work) ([]sweep.Outcome, error) {
	options := s.options(w.note)
	options.Jobs = w.jobs
	var unrecorded error
	options.Observe = func(p sweep.Progress) {
		switch o := p.Ended; {
		case o == nil || o.Err == nil:
		case elsewhere(o.Err):
			p.Ended = nil // it has not failed; below is said who has it
		case !w.trial:
			unrecorded = errors.Join(unrecorded, s.recordFailure(o))
		}
		if w.observe != nil {
			w.observe(p)
		}
	}
	outcomes, err := sweep.Run(ctx, s.suspectsLast(cells), options)
	for i := range outcomes {
		if o := &outcomes[i]; elsewhere(o.Err) {
			if w.note != nil {
				w.note(fmt.Sprintf("%s, seed %d, is left to another process: %v", o.Label, o.Seed, o.Err))
			}
			o.Summary, o.Err = nil, nil
		}
	}
	return outcomes, errors.Join(err, unrecorded)
}

// elsewhere says whether a cell is another process's now: neither done here nor failed.
func elsewhere(err error) bool {
	return errors.Is(err, rundir.ErrHeld) || errors.Is(err, rundir.ErrLost)
}
