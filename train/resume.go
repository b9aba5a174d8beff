package train

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"ergon/configs"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// Continue makes a run that has not begun go on from the newest whole state in the directory
// of a run with the same settings, data and prices. It returns the step it goes on from, -1 if
// nothing was saved, and what a user should know. What is saved is not changed.
func (r *Run) Continue(d *rundir.Writer) (from int, notes []string, err error) {
	if err := r.sameAs(d.Directory); err != nil {
		return -1, nil, err
	}
	saved, notes, err := latest(d, r.Config.Saving.Keep)
	if err != nil || saved == nil {
		return -1, notes, err
	}
	if hash, err := r.Config.Hash(); err != nil || hash != saved.Config {
		return -1, nil, errors.Join(err, fmt.Errorf("%s has the saved state of another run (config %s); begin anew with --force", d.Directory, saved.Config))
	}
	if was, now := saved.Executable, Executable(); was != "" && now != "" && was != now {
		notes = append(notes, fmt.Sprintf("saved by another build of the program (%s): results are the same only if nothing that they depend on has changed", saved.Version))
	}
	saved.inOrder = endedAt(d.Directory, saved.Step)
	r.from = saved
	return saved.Step, notes, nil
}

// endedAt tells whether the run in a directory was stopped in order after a step.
func endedAt(d rundir.Directory, step int) bool {
	s, err := d.Summary()
	return err == nil && s.Status == rundir.StatusInterrupted && s.Steps == step
}

// sameAs refuses a directory in which a run with other settings, data or prices began.
func (r *Run) sameAs(d rundir.Directory) error {
	text := d.Path(rundir.ConfigFile)
	if _, err := os.Stat(text); errors.Is(err, fs.ErrNotExist) {
		return nil // it was killed before
	}
	was, err := configs.Load(text, nil)
	if err != nil {
		return fmt.Errorf("%s was begun, and its config cannot be read: %w; begin anew with --force", d, err)
	}
	if err := Differ(d, r.Config, was); err != nil {
		return err
	}
	meta, err := d.Meta()
	if err != nil {
		return fmt.Errorf("%w; begin anew with --force", err)
	}
	now, err := metaOf(r)
	if err != nil {
		return err
	}
	if meta.Data != nil && meta.Data.SHA256 != now.Data.SHA256 {
		return fmt.Errorf("the data of %s changed since it began (SHA-256 %.12s … then, %.12s … now): begin anew with --force", d, meta.Data.SHA256, now.Data.SHA256)
	}
	for i, p := range now.Prices {
		if i < len(meta.Prices) && p.File != "" && meta.Prices[i].SHA256 != p.SHA256 {
			return fmt.Errorf("the price table %s changed since %s began: begin anew with --force", p.Name, d)
		}
	}
	return nil
}

// Differ is the error that a directory has a run with other settings than those asked for;
// nil if they compute the same.
func Differ(d rundir.Directory, now, was *configs.Config) error {
	keys, err := configs.Differences(now, was)
	if err != nil || len(keys) == 0 {
		return err
	}
	const most = 8
	if len(keys) > most {
		keys = append(keys[:most], fmt.Sprintf("and %d more", len(keys)-most))
	}
	return fmt.Errorf("%s has a run with other settings: %s; choose another out.dir, or write it anew with --force", d, strings.Join(keys, ", "))
}

// restore puts the session where its run was saved.
func (s *session) restore() error {
	saved := s.run.from
	if saved == nil {
		return nil
	}
	if err := saved.State.Restore(s); err != nil {
		return fmt.Errorf("the saved state of step %d does not fit: %w; begin anew with --force", saved.Step, err)
	}
	r := s.run
	if r.Steps != saved.Step {
		return fmt.Errorf("the saved state of step %d is that of step %d: no run writes this; begin anew with --force", saved.Step, r.Steps)
	}
	r.Started = time.Now().Add(-time.Duration(saved.Wall * float64(time.Second)))
	s.summary.Resumed.Times++
	s.summary.Resumed.Steps = append(s.summary.Resumed.Steps, r.Steps)
	if !saved.inOrder {
		s.summary.Resumed.Killed++
	}
	s.due = r.nextEvaluation()
	return nil
}

var _ state.Stateful = (*session)(nil)
