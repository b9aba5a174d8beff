package sweep

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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

// member is a cell of a group whose run has begun.
type member struct {
	outcome   *Outcome
	directory *rundir.Writer
	job       train.Job
	from      int // step that it goes on from; -1: it begins
}

// runOn runs a group on an engine, side by side on a GPU. Runs side by side make the same
// steps at the same time: those that go on from other steps have to wait.
func (w *worker) runOn(ctx context.Context, e engine.Engine, group []*Outcome) {
	var held []*datasets.Data
	at := map[int][]member{} // by the step from which they go on
	for _, o := range group {
		m, err := w.begin(e, o)
		if errors.Is(err, errMade) {
			*o = look(o.Cell, o.out())
			continue
		}
		if err != nil {
			o.Err = err
			continue
		}
		defer w.close(o, m.directory)
		held = append(held, m.job.Run.Data)
		at[m.from] = append(at[m.from], m)
	}
	w.held = held
	for _, from := range slices.Sorted(maps.Keys(at)) {
		var jobs []train.Job
		for _, m := range at[from] {
			jobs = append(jobs, m.job)
		}
		summaries, errs := train.Together(ctx, jobs)
		for i, m := range at[from] {
			m.outcome.Summary, m.outcome.Err = summaries[i], errs[i]
		}
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

// begin makes a cell's run and its directory. The run goes on where it was saved.
func (w *worker) begin(e engine.Engine, o *Outcome) (m member, err error) {
	r, err := train.NewOn(e, o.Config)
	if err != nil {
		return m, err
	}
	if err := w.audit.begun(o, r); err != nil {
		return m, err
	}
	if _, onDevice := engine.DeviceOf(e); !onDevice {
		r.Data.Train.Keep() // the cells of a seed present each example many times
	}
	d, err := rundir.OpenCell(string(o.Directory), w.force)
	if err != nil {
		return m, err
	}
	if d.Found == rundir.Finished && w.shared {
		if now := look(o.Cell, o.out()); now.Finished() && damage(&now) == "" {
			return m, errors.Join(errMade, d.Close())
		}
	}
	from := -1
	if d.Found == rundir.Unfinished {
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
			return m, errors.Join(err, d.Close())
		}
	}
	return member{o, d, train.Job{Run: r, Hooks: []train.Hook{train.NewRecorder(d)}}, from}, nil
}
