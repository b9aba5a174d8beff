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

	"ergon/internal/atomicfile"
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
	WeightsFile       = "final.npz" // in checkpoints: weights at the end, for numpy.load
)

// runFiles are all files that Create may remove. meta.json, which marks a run directory,
// is the last.
var runFiles = []string{
	SummaryFile, MetricsFile, StepsFile, LogFile, ConfigFile, SynapsesFile, SynapseArraysFile,
	filepath.Join(CheckpointsFolder, WeightsFile), MetaFile,
}

// Directory is the path of a run's results.
type Directory string

// Create makes the directory and locks it for this process until release is called. A
// directory that is not empty is refused, unless force is set and it is a run's: then the
// files of that run are removed, and only those.
func Create(path string, force bool) (d Directory, release func(), err error) {
	return begin(path, func() error { return vacate(path, force) })
}

// Renew is Create with force for a directory that is a run's by its place, as a
// benchmark's cell is, also where the run was killed before it wrote meta.json. Files
// of others stay where they are.
func Renew(path string) (d Directory, release func(), err error) {
	return begin(path, func() error { return clearRun(path) })
}

// ErrFinished is the error of a directory that need not be renewed.
var ErrFinished = errors.New("the run is finished")

// RenewUnless is Renew, unless the run turns out to be finished once the directory is
// locked: then it is left as it is, and the error is [ErrFinished]. Of several processes
// that were told to make a run, the later ones so leave alone what the first one made.
func RenewUnless(path string, finished func(Directory) bool) (d Directory, release func(), err error) {
	return begin(path, func() error {
		if finished(Directory(path)) {
			return ErrFinished
		}
		return clearRun(path)
	})
}

// begin makes and locks the directory and then makes room in it.
func begin(path string, makeRoom func() error) (d Directory, release func(), err error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return "", nil, unusable(path, err)
	}
	if release, err = folderlock.Acquire(path); err != nil {
		return "", nil, err
	}
	if err := makeRoom(); err != nil {
		release()
		return "", nil, err
	}
	if err := os.MkdirAll(filepath.Join(path, CheckpointsFolder), 0o755); err != nil {
		release()
		return "", nil, unusable(path, err)
	}
	return Directory(path), release, nil
}

// vacate removes the run in a directory if force is set, and refuses anything else.
func vacate(path string, force bool) error {
	if err := refusal(path, force); err != nil {
		return err
	}
	return clearRun(path)
}

// clearRun removes the files of a run, and what a killed one was about to write.
func clearRun(path string) error {
	for _, name := range runFiles {
		for _, written := range []string{name, name + ".part"} {
			if err := os.Remove(filepath.Join(path, written)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return unusable(path, err)
			}
		}
	}
	return nil
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
	return s, d.readJSON(SummaryFile, s)
}

// Meta reads where the run's numbers come from.
func (d Directory) Meta() (*Meta, error) {
	m := new(Meta)
	return m, d.readJSON(MetaFile, m)
}

// Config returns the text of the resolved config.
func (d Directory) Config() ([]byte, error) { return os.ReadFile(d.Path(ConfigFile)) }

// readJSON reads a JSON file; errors name it.
func (d Directory) readJSON(name string, into any) error {
	text, err := os.ReadFile(d.Path(name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", d.Path(name), err)
	}
	return nil
}
