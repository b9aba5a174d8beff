package sweep

import (
	"context"
	"errors"
	"fmt"

	"ergon/datasets"
	"ergon/graph/engine"
	"ergon/train"
	"ergon/train/rundir"
)

// worker runs groups of cells, one after the other.
type worker struct {
	audit  *audit
	shared bool             // other processes may run the same cells
	held   []*datasets.Data // of the last group: while they are held, the next one shares them
}

// run runs the cells of a group from the start. A panic fails this group alone.
func (w *worker) run(ctx context.Context, group []*Outcome) {
	for _, o := range group {
		o.reset()
	}
	defer func() {
		if p := recover(); p != nil {
			fail(group, fmt.Errorf("panic: %v; this is a fault of the program", p))
		}
	}()
	e, err := group[0].Config.Engine.Open()
	if err != nil {
		fail(group, err)
		return
	}
	defer e.Close()
	w.runOn(ctx, e, group)
}

// fail records why the cells of a group have no result.
func fail(group []*Outcome, err error) {
	for _, o := range group {
		o.Summary, o.Err = nil, err
	}
}

// runOn runs a group on an engine, side by side on a GPU.
func (w *worker) runOn(ctx context.Context, e engine.Engine, group []*Outcome) {
	var begun []*Outcome
	var jobs []train.Job
	var held []*datasets.Data
	for _, o := range group {
		r, directory, release, err := w.begin(e, o)
		if errors.Is(err, rundir.ErrFinished) {
			*o = look(o.Cell, o.out())
			continue
		}
		if err != nil {
			o.Err = err
			continue
		}
		defer release()
		held = append(held, r.Data)
		begun, jobs = append(begun, o), append(jobs, train.Job{Run: r, Hooks: []train.Hook{train.NewRecorder(directory)}})
	}
	w.held = held
	if len(begun) == 0 {
		return
	}
	summaries, errs := train.Together(ctx, jobs)
	for i, o := range begun {
		o.Summary, o.Err = summaries[i], errs[i]
	}
}

// begin makes a cell's run and its directory.
func (w *worker) begin(e engine.Engine, o *Outcome) (r *train.Run, d rundir.Directory, release func(), err error) {
	if r, err = train.NewOn(e, o.Config); err != nil {
		return nil, "", nil, err
	}
	if err = w.audit.begun(o, r); err != nil {
		return nil, "", nil, err
	}
	d, release, err = rundir.RenewUnless(string(o.Directory), func(rundir.Directory) bool {
		if !w.shared {
			return false
		}
		now := look(o.Cell, o.out())
		return now.Finished() && damage(&now) == ""
	})
	return r, d, release, err
}
