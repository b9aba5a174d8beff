package launch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ergon/internal/schema"
)

// A Launcher has packs of a sweep run.
type Launcher interface {
	// Submit has packs run. The sweep is held. What was handed over before an error is in
	// the result, and recorded.
	Submit(ctx context.Context, s *Sweep, packs Ranges) (Handed, error)
	// Tasks says by pack what the scheduler knows of a submission; packs of which it
	// knows nothing any more are left out.
	Tasks(ctx context.Context, s *Sweep, b *Submission) (map[int]Task, error)
}

// Handed is what became of packs that were submitted.
type Handed struct {
	On    string       `json:"on"`
	Jobs  []Submission `json:"jobs"`
	File  string       `json:"file,omitempty"`  // script or manifest
	Text  string       `json:"-"`               // of the manifest
	Calls []string     `json:"calls,omitempty"` // commands by which it was submitted
	Ran   *Worked      `json:"ran,omitempty"`   // by the local launcher; null: others run it
}

// Task is what a scheduler says of a task.
type Task struct {
	ID    string // the scheduler's, as 12_3
	State TaskState
	Why   string // "": nothing to say
	Jobs  int    // cells that it runs at the same time
}

// TaskState is how far a task is.
type TaskState int

// The states of tasks.
const (
	TaskEnded TaskState = iota
	TaskQueued
	TaskRunning
)

// Options are what launchers are told by who calls them.
type Options struct {
	Jobs    int    // local: cells at the same time; 0: one for each core
	DryRun  bool   // only write and say what would be submitted
	Retry   bool   // what failed is run, too
	Program string // slurm: what tasks run; empty: this program
	Watch   Watch
}

// launchers makes each by its name.
var launchers = map[string]func(Options) Launcher{
	"local":      func(o Options) Launcher { return local{o} },
	"slurm":      func(o Options) Launcher { return slurm{o} },
	"kubernetes": func(o Options) Launcher { return kubernetes{o} },
}

// Launchers returns their names.
func Launchers() []string { return slices.Sorted(maps.Keys(launchers)) }

// NewLauncher returns the launcher of a name.
func NewLauncher(on string, o Options) (Launcher, error) {
	make, ok := launchers[on]
	if !ok {
		hint := schema.DidYouMean(on, Launchers())
		if hint != "" {
			hint = "; " + hint
		}
		return nil, fmt.Errorf("--on: no launcher %q (launchers: %s)%s", on, strings.Join(Launchers(), ", "), hint)
	}
	return make(o), nil
}

// LastOn returns the launcher of the last submission.
func (s *Sweep) LastOn() (string, error) {
	all, err := s.submissions()
	if err != nil {
		return "", err
	} else if len(all) == 0 {
		return "", fmt.Errorf("%s is listed, and nothing of it was submitted yet: say where with --on (%s)", s.Folder, strings.Join(Launchers(), ", "))
	}
	return all[len(all)-1].On, nil
}
