package launch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ergon/sweep"
	"ergon/train/rundir"
)

// State is how far a cell is.
type State string

// The states of cells. Run directories decide between done and not; where a cell is not
// done, schedulers tell running and waiting from missing.
const (
	Done    State = "done"
	Running State = "running"
	Waiting State = "waiting" // queued, or later in a task that runs
	Failed  State = "failed"  // it ended in an error
	Missing State = "missing" // nobody has it in hand
)

// CellStatus says how far a cell is.
type CellStatus struct {
	Label string `json:"label"`
	Seed  uint64 `json:"seed"`
	Hash  string `json:"hash"`
	Pack  int    `json:"pack"`
	State State  `json:"state"`
	Why   string `json:"why,omitempty"` // it is not done

	begun time.Time // when its unfinished run began; zero: it has not
}

// Status says how far a sweep is.
type Status struct {
	Name    string       `json:"name"`
	Folder  string       `json:"folder"`
	Total   int          `json:"total"`
	Done    int          `json:"done"`
	Running int          `json:"running"`
	Waiting int          `json:"waiting"`
	Failed  int          `json:"failed"`
	Missing int          `json:"missing"`
	Notes   []string     `json:"notes"` // schedulers that could not be asked, and why
	Cells   []CellStatus `json:"cells"`
}

// Status looks at the run directories, and asks the schedulers about the rest.
func (s *Sweep) Status(ctx context.Context) (*Status, error) {
	if err := s.resolveAll(); err != nil {
		return nil, err
	}
	st := &Status{Name: s.Name(), Folder: s.Folder, Total: len(s.cells), Notes: []string{}, Cells: make([]CellStatus, len(s.cells))}
	if err := s.look(st.Cells); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(st.Cells, unfinished) {
		tasks, notes, err := s.tasks(ctx)
		if err != nil {
			return nil, err
		}
		// A task that is not alive by now may have been at the first look, and has left what it made since.
		if err := s.look(st.Cells); err != nil {
			return nil, err
		}
		st.Notes = append(st.Notes, notes...)
		explain(st.Cells, tasks)
	}
	for _, c := range st.Cells {
		*map[State]*int{Done: &st.Done, Running: &st.Running, Waiting: &st.Waiting, Failed: &st.Failed, Missing: &st.Missing}[c.State]++
	}
	return st, nil
}

// unfinished says whether a cell is neither done nor failed, as far as is known.
func unfinished(c CellStatus) bool { return c.State != Done && c.State != Failed }

// look says what the files tell of each cell that is not known to be finished.
func (s *Sweep) look(cells []CellStatus) error {
	failures, err := s.failures()
	if err != nil {
		return err
	}
	for i, c := range s.cells {
		if unfinished(cells[i]) {
			cells[i] = s.lookAt(c, i/s.pack(), failures[c.Hash])
		}
	}
	return nil
}

// lookAt says what the files tell of a cell.
func (s *Sweep) lookAt(c sweep.Cell, pack int, f *failure) CellStatus {
	cell := CellStatus{Label: c.Label, Seed: c.Seed, Hash: c.Hash, Pack: pack, State: Missing}
	if sweep.Finished(c, s.Folder) {
		cell.State = Done
		return cell
	}
	if f != nil {
		cell.State, cell.Why = Failed, f.Error
		return cell
	}
	d := c.Directory(s.Folder)
	meta, err := d.Meta()
	if err != nil {
		return cell
	}
	cell.begun = meta.Started
	cell.Why = fmt.Sprintf("begun on %s at %s and not ended", meta.Host, meta.Started.Format(time.DateTime))
	summary, err := d.Summary()
	switch {
	case err != nil:
	case summary.Status == rundir.StatusInterrupted && summary.InterruptedBy != "":
		cell.Why = fmt.Sprintf("ended by %s after %d steps", summary.InterruptedBy, summary.Steps)
	default:
		cell.Why = fmt.Sprintf("%s after %d steps", summary.Status, summary.Steps)
	}
	return cell
}

// tasks returns what the schedulers say, by pack, and of which submissions they could not
// be asked. Of several tasks for a pack, one that is alive counts, or else the latest.
func (s *Sweep) tasks(ctx context.Context) (tasks map[int]Task, notes []string, err error) {
	all, err := s.submissions()
	if err != nil {
		return nil, nil, err
	}
	tasks = map[int]Task{}
	for i := range all {
		if all[i].Pack != s.pack() {
			continue // packs are made anew only while nobody has any in hand
		}
		l, err := NewLauncher(all[i].On, Options{})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.path(submittedFile), err)
		}
		now, err := l.Tasks(ctx, s, &all[i])
		if err != nil {
			notes = append(notes, fmt.Sprintf("what became of job %s is not known: %v", all[i].Job, err))
		}
		for pack, t := range now {
			if before, ok := tasks[pack]; !ok || before.State == TaskEnded || t.State != TaskEnded {
				tasks[pack] = t
			}
		}
	}
	return tasks, notes, nil
}

// explain tells cells that are not done by the tasks that have them in hand.
func explain(cells []CellStatus, tasks map[int]Task) {
	begun := map[string][]*CellStatus{} // by task
	for i := range cells {
		c := &cells[i]
		t, known := tasks[c.Pack]
		if c.State != Missing || !known {
			continue
		}
		said := "task " + t.ID
		if t.Why != "" {
			said += ": " + t.Why
		}
		switch {
		case t.State == TaskEnded && c.Why != "":
			c.Why += "; " + said
		case t.State == TaskEnded, t.State == TaskQueued:
			c.Why = said
		default:
			c.Why = "waits for its turn in task " + t.ID
			if !c.begun.IsZero() {
				begun[t.ID] = append(begun[t.ID], c)
			}
		}
		if t.State != TaskEnded {
			c.State = Waiting
		}
	}
	// A task runs as many cells at the same time as it was told: those begun last. Others
	// that were begun and not ended are of a task before.
	for id, of := range begun {
		slices.SortFunc(of, func(a, b *CellStatus) int { return b.begun.Compare(a.begun) })
		for _, c := range of[:min(len(of), jobsOf(tasks, id))] {
			c.State, c.Why = Running, "in task "+id
		}
	}
}

// jobsOf returns how many cells a task runs at the same time.
func jobsOf(tasks map[int]Task, id string) int {
	for _, t := range tasks {
		if t.ID == id {
			return t.Jobs
		}
	}
	return 0
}

// Packs returns the packs that have a missing cell, and whose tasks are not alive.
func (st *Status) Packs() (packs Ranges) {
	for _, c := range st.Cells { // in the order of packs
		if c.State == Missing && (len(packs) == 0 || packs[len(packs)-1] != c.Pack) {
			packs = append(packs, c.Pack)
		}
	}
	return packs
}
