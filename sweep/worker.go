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
	force  bool             // what is there is run anew
	shared bool             // other processes may run the same cells
	held   []*datasets.Data // of the last group: while they are held, the next one shares them
}

// run runs the cells of a group. A panic fails this group alone.
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
		r, directory, err := w.begin(e, o, len(group) == 1)
		if errors.Is(err, errMade) {
			*o = look(o.Cell, o.out())
			continue
		}
		if err != nil {
			o.Err = err
			continue
		}
		defer w.close(o, directory)
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

// close gives a cell's directory up. What becomes of the cell does not depend on it.
func (w *worker) close(o *Outcome, d *rundir.Writer) {
	if err := d.Close(); err != nil {
		w.audit.once(fmt.Sprintf("%s: %v", o.name(), err))
	}
}

// errMade is the error of a cell that another process has made meanwhile.
var errMade = errors.New("the cell is finished")

// begin makes a cell's run and its directory. A run of its own goes on where it was saved;
// several side by side begin together.
func (w *worker) begin(e engine.Engine, o *Outcome, alone bool) (r *train.Run, d *rundir.Writer, err error) {
	if r, err = train.NewOn(e, o.Config); err != nil {
		return nil, nil, err
	}
	if err = w.audit.begun(o, r); err != nil {
		return nil, nil, err
	}
	d, err = rundir.OpenCell(string(o.Directory), w.force)
	if err != nil {
		return nil, nil, err
	}
	if d.Found == rundir.Finished && w.shared {
		if now := look(o.Cell, o.out()); now.Finished() && damage(&now) == "" {
			return nil, nil, errors.Join(errMade, d.Close())
		}
	}
	from := -1
	if d.Found == rundir.Unfinished && alone {
		var notes []string
		from, notes, err = r.Continue(d)
		if err != nil {
			notes = append(notes, fmt.Sprintf("it cannot go on (%v), and is run anew", err))
		}
		for _, note := range notes {
			w.audit.once(fmt.Sprintf("%s: %s", o.name(), note))
		}
	}
	if from < 0 {
		if err := d.Clear(); err != nil {
			return nil, nil, errors.Join(err, d.Close())
		}
	}
	return r, d, nil
}
