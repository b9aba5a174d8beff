package sweep

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ergon/configs"
	"ergon/train/rundir"
)

// Versions before train.max_presentations counted a budget in steps, as if every
// batch were full. Later ones counted presentations, and made the last step whole.
// A cell of theirs that ended as it would today is taken for today's; the others are
// run anew.

// formerHash returns the hash that such a version gave to a cell with this config;
// empty where the benchmark has no budget.
func (b *Bench) formerHash(c configs.Config) (string, error) {
	if b.Budget == 0 {
		return "", nil
	}
	c.Train.MaxSteps, c.Train.MaxPresentations = stepsOf(c.Train), 0
	return c.Hash()
}

// stepsOf returns a budget in steps, as if every batch were full.
func stepsOf(t configs.Train) int { return (t.MaxPresentations + t.Batch - 1) / t.Batch }

// find returns the directory of a cell of a benchmark in folder out: where there is
// none, that of an earlier version's cell, if it ended as this one would.
func (c *Cell) find(out string) rundir.Directory {
	directory := c.Directory(out)
	if c.former == "" {
		return directory
	}
	if _, err := os.Stat(string(directory)); !errors.Is(err, fs.ErrNotExist) {
		return directory
	}
	former := rundir.Directory(filepath.Join(out, cellsFolder, c.former))
	if s, err := former.Summary(); err == nil && endsToday(c.Config.Train, s) {
		return former
	}
	return directory
}

// endsToday says whether a run whose budget was counted in steps ended as it does when
// that is counted in presentations: it presented them all and no more, or it ended before
// its last step, which is never later.
func endsToday(t configs.Train, s *rundir.Summary) bool {
	return s.Samples == t.MaxPresentations || s.Steps < stepsOf(t)
}

// overshot says whether a run made more presentations than its budget has.
func overshot(t configs.Train, s *rundir.Summary) bool {
	return t.MaxPresentations > 0 && s.Samples > t.MaxPresentations
}
