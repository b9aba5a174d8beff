// Package rundir is what a run leaves: a directory of files, and their content as plain
// data. A reader of results needs this package alone, and none that trains.
package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ergon/internal/atomicfile"
	"ergon/internal/bounded"
	"ergon/internal/folderlock"
)

// The files of a run directory.
const (
	ConfigFile  = "config.yaml"   // the resolved config
	MetaFile    = "meta.json"     // what ran where
	MetricsFile = "metrics.jsonl" // one line an evaluation
	StepsFile   = "steps.jsonl"   // one line a logged step
	SummaryFile = "summary.json"  // what it came to; written last
	LogFile     = "log.jsonl"     // what happened when

	SynapsesFile      = "synapses.json" // of stochastic synapses, layer by layer
	SynapseArraysFile = "synapses.npz"  // and one by one

	CheckpointsFolder = "checkpoints"
	WeightsFile       = "final.npz"          // in checkpoints: weights at the end, for numpy.load
	StatePattern      = "step-*.safetensors" // in checkpoints: from which a run goes on
)

// runFiles are all files that Create may remove. meta.json, which marks a run directory,
// is the last.
var runFiles = []string{
	SummaryFile, MetricsFile, StepsFile, LogFile, ConfigFile, SynapsesFile, SynapseArraysFile,
	filepath.Join(CheckpointsFolder, WeightsFile), MetaFile,
}

// Directory is the path of a run's results.
type Directory string

// Found is what a run's directory holds when it is opened.
type Found int

// From the emptiest to the fullest. A directory in which a run began and left nothing
// that can be gone on from is Unfinished, too: whoever opens it finds no checkpoint.
const (
	Nothing Found = iota
	Unfinished
	Finished // the summary says how the run ended, other than by a signal or an error
)

// Open makes the directory of a run, locks it for this process until release is called, and
// says what is there. Files that no run has left are an error. With force, the files of the
// run that is there are removed, and only those; Nothing is then found.
func Open(path string, force bool) (d Directory, found Found, release func(), err error) {
	return open(path, func() (Found, error) {
		if err := refusal(path); err != nil {
			return Nothing, err
		}
		if force {
			return Nothing, clearRun(path)
		}
		return foundIn(Directory(path)), nil
	})
}

// OpenCell is Open for a directory that is a run's by its place, as a benchmark's cell is.
// Files of others stay where they are.
func OpenCell(path string, force bool) (d Directory, found Found, release func(), err error) {
	return open(path, func() (Found, error) {
		if found = foundIn(Directory(path)); found == Nothing || force {
			return Nothing, clearRun(path)
		}
		return found, nil
	})
}

// Create is Open for a run that begins: a directory with a run in it is an error, unless
// force is set.
func Create(path string, force bool) (d Directory, release func(), err error) {
	d, found, release, err := Open(path, force)
	if err == nil && found != Nothing {
		release()
		if found == Finished {
			return "", nil, fmt.Errorf("%s exists already; look at it with `ergon show %s`, or write it anew with --force", path, shellWord(path))
		}
		return "", nil, fmt.Errorf("%s exists already, a run that did not come to its end; write it anew with --force", path)
	}
	return d, release, err
}

// Clear removes the files of the run in an open directory, so that it can begin anew.
func (d Directory) Clear() error { return clearRun(string(d)) }

// open makes and locks the directory, and looks into it.
func open(path string, look func() (Found, error)) (d Directory, found Found, release func(), err error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return "", Nothing, nil, unusable(path, err)
	}
	if release, err = folderlock.Acquire(path); err != nil {
		return "", Nothing, nil, err
	}
	if found, err = look(); err != nil {
		release()
		return "", Nothing, nil, err
	}
	return Directory(path), found, release, nil
}

// Peek says what is in a path where a run may be, without opening it.
func Peek(path string) Found { return foundIn(Directory(path)) }

// foundIn says what a run has left in a directory.
func foundIn(d Directory) Found {
	if _, err := os.Stat(d.Path(MetaFile)); err != nil {
		return Nothing
	}
	if s, err := d.Summary(); err == nil && s.Status.Final() {
		return Finished
	}
	return Unfinished
}

// clearRun removes the files of a run, and what a killed one was about to write.
func clearRun(path string) error {
	names, err := Directory(path).States()
	if err != nil {
		return unusable(path, err)
	}
	for _, name := range append(names, runFiles...) {
		for _, written := range []string{name, name + atomicfile.Suffix} {
			if err := os.Remove(filepath.Join(path, written)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return unusable(path, err)
			}
		}
	}
	return nil
}

// States returns the names of saved states, the newest last, also of those that a killed run
// did not get to complete.
func (d Directory) States() (names []string, err error) {
	entries, err := os.ReadDir(d.Path(CheckpointsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), atomicfile.Suffix)
		if ok, _ := filepath.Match(StatePattern, name); ok {
			names = append(names, filepath.Join(CheckpointsFolder, name))
		}
	}
	return slices.Compact(names), nil
}

// Path returns the path of a file of the directory.
func (d Directory) Path(name string) string { return filepath.Join(string(d), name) }

// Base returns the directory's own name.
func (d Directory) Base() string { return filepath.Base(string(d)) }

// WriteJSON writes value as an indented JSON file, whole or not at all.
func (d Directory) WriteJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return atomicfile.Write(d.Path(name), append(text, '\n'))
}

// Summary reads a finished run's summary.
func (d Directory) Summary() (*Summary, error) {
	s := new(Summary)
	err := d.readJSON(SummaryFile, s)
	if err == nil && s.Status == StatusDiverged && s.Diverged == nil {
		err = fmt.Errorf("%s: the run diverged, and it is not said how: no run writes this", d.Path(SummaryFile))
	}
	return s, err
}

// Meta reads where the run's numbers come from.
func (d Directory) Meta() (*Meta, error) {
	m := new(Meta)
	return m, d.readJSON(MetaFile, m)
}

// What the files of a run can hold, in bytes: some hundred times what they do.
const (
	maxJSON   = 4 << 20
	maxConfig = 1 << 20
)

// Config returns the text of the resolved config.
func (d Directory) Config() ([]byte, error) { return bounded.FileIn(string(d), ConfigFile, maxConfig) }

// readJSON reads a JSON file; errors name it. In a path that is no directory it does not exist.
func (d Directory) readJSON(name string, into any) error {
	text, err := bounded.FileIn(string(d), name, maxJSON)
	if isFile(string(d)) {
		return fmt.Errorf("%s is a file: %w", d, fs.ErrNotExist)
	} else if err != nil {
		return err
	}
	if err := bounded.JSON(text, into); err != nil {
		return fmt.Errorf("%s: %w", d.Path(name), err)
	}
	return nil
}
