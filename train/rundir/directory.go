// Package rundir is what a run leaves: a directory of files, and their content as plain
// data. A reader of results needs this package alone, and none that trains.
package rundir

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ergon/internal/bounded"
	"ergon/internal/claim"
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
	ChainsFile        = "chains.npz"    // of a Boltzmann machine: what it dreamt, and when

	CheckpointsFolder = "checkpoints"
	WeightsFile       = "final.npz"          // in checkpoints: weights at the end, for numpy.load
	StatePattern      = "step-*.safetensors" // in checkpoints: from which a run goes on
)

// runFiles are all files of a run but its states. meta.json, which marks a run directory,
// is the last.
var runFiles = []string{
	SummaryFile, MetricsFile, StepsFile, LogFile, ConfigFile, SynapsesFile, SynapseArraysFile, ChainsFile,
	filepath.Join(CheckpointsFolder, WeightsFile), MetaFile,
}

// Directory is the path of a run's results.
type Directory string

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

// States returns the names of saved states, the newest last, also of those that a killed run
// did not get to complete.
func (d Directory) States() (names []string, err error) {
	entries, err := os.ReadDir(d.Path(CheckpointsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		name := cmp.Or(claim.Unfinished(e.Name()), e.Name())
		if ok, _ := filepath.Match(StatePattern, name); ok {
			names = append(names, filepath.Join(CheckpointsFolder, name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Path returns the path of a file of the directory.
func (d Directory) Path(name string) string { return filepath.Join(string(d), name) }

// Base returns the directory's own name.
func (d Directory) Base() string { return filepath.Base(string(d)) }

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
