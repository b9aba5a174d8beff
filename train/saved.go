package train

import (
	"encoding/json"
	"errors"
	"fmt"

	"ergon/internal/checkpoint"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// Saved is a run at a moment, from which it can go on to the same bits.
type Saved struct {
	Progress
	Step    int
	Config  string          // hash of the run's config
	Version string          // of the program that saved it
	State   *state.Snapshot // of the run and of its summary so far

	inOrder bool // the run was stopped there, and not killed later
}

// Progress is what a run wants to find again beside its state.
type Progress struct {
	Executable string  `json:"executable_sha256"` // that saved it; "": not known
	Wall       float64 `json:"wall_s"`            // of all parts until then
	Metrics    int64   `json:"metrics_bytes"`     // length of metrics.jsonl
	Steps      int64   `json:"steps_bytes"`       // and of steps.jsonl
}

// State implements state.Stateful for what a session remembers besides its run: the summary
// so far, and whether an evaluation is due that a signal has stopped.
func (s *session) State(v state.Visitor) {
	state.Under(v, "run", s.run)
	v.JSON("summary", s.summary)
	state.Under(v, "goal_accuracy", s.goal)
	state.Under(v, "joules", s.joules)
	v.JSON("evaluation_pending", &s.pending)
}

// write adds the state to those of a run directory, of which so many are kept.
func (s *Saved) write(d *rundir.Writer, keep int) (err error) {
	progress, err := json.Marshal(s.Progress)
	if err != nil {
		return err
	}
	store, done, err := openStore(d, keep)
	if err != nil {
		return err
	}
	err = store.Write(&checkpoint.Checkpoint{
		Header: checkpoint.Header{Step: s.Step, Program: s.Version, Config: s.Config}, Run: progress, State: s.State,
	})
	return errors.Join(err, done())
}

// openStore opens the states in a run directory, until done is called.
func openStore(d *rundir.Writer, keep int) (s *checkpoint.Store, done func() error, err error) {
	files, done, err := d.Folder(rundir.CheckpointsFolder)
	if err != nil {
		return nil, nil, err
	}
	if s, err = checkpoint.Open(files, d.Path(rundir.CheckpointsFolder), keep); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return s, done, nil
}

// latest returns the newest whole state in a run directory, nil if there is none, and says
// which were not whole.
func latest(d *rundir.Writer, keep int) (s *Saved, notes []string, err error) {
	store, done, err := openStore(d, keep)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	c, skipped, err := store.Latest()
	for _, problem := range skipped {
		notes = append(notes, problem.Error())
	}
	if err != nil || c == nil {
		return nil, notes, err
	}
	s = &Saved{Step: c.Step, Config: c.Config, Version: c.Program, State: c.State}
	if err := json.Unmarshal(c.Run, &s.Progress); err != nil {
		return nil, notes, fmt.Errorf("the saved state of step %d: %w", c.Step, err)
	}
	if s.Metrics < 0 || s.Steps < 0 {
		return nil, notes, fmt.Errorf("the saved state of step %d is of files of %d and %d bytes: no run writes this; begin anew with --force", c.Step, s.Metrics, s.Steps)
	}
	return s, notes, nil
}
