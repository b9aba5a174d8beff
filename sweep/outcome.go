package sweep

import (
	"fmt"
	"os"
	"path/filepath"

	"ergon/train/rundir"
)

// Outcome is what became of a cell.
type Outcome struct {
	Cell
	Directory rundir.Directory
	Summary   *rundir.Summary // nil: the cell has not begun, or failed before it could
	Err       error           // why it failed; nil: it did not
	Reused    bool            // it was finished before
}

// Finished says whether the cell need not run again.
func (o *Outcome) Finished() bool {
	return o.Err == nil && o.Summary != nil && o.Summary.Status.Final()
}

// Status is how the cell ended, "pending" if it has not begun.
func (o *Outcome) Status() string {
	switch {
	case o.Err != nil:
		return string(rundir.StatusFailed)
	case o.Summary == nil:
		return "pending"
	}
	return string(o.Summary.Status)
}

// Directory returns the run directory of a cell of a benchmark in folder out.
func (c *Cell) Directory(out string) rundir.Directory {
	return rundir.Directory(filepath.Join(out, cellsFolder, c.Hash))
}

// Finished says whether a cell of a benchmark in folder out need not run again.
func Finished(c Cell, out string) bool {
	o := look(c, out)
	return o.Finished()
}

// out returns the folder of the cell's benchmark.
func (o *Outcome) out() string { return filepath.Dir(filepath.Dir(string(o.Directory))) }

// look returns what is known of a cell without running it. A summary counts only if it
// can be read, if it keeps to the budget and if the metrics, from which figures are drawn,
// are there too; whether the rest is as the run left it, an audit says.
func look(c Cell, out string) Outcome {
	o := Outcome{Cell: c, Directory: c.find(out)}
	if _, err := os.Stat(o.Directory.Path(rundir.MetricsFile)); err != nil {
		return o
	}
	if s, err := o.Directory.Summary(); err == nil && !overshot(c.Config.Train, s) {
		o.Summary = s
		o.Reused = o.Finished()
	}
	if !o.Reused {
		o.Summary = nil
	}
	return o
}

// reset makes the cell one that has not begun.
func (o *Outcome) reset() { o.Summary, o.Err, o.Reused = nil, nil, false }

// firstFailure returns the error of the first cell that failed, and says which
// it is; nil if none did.
func firstFailure(outcomes []Outcome) error {
	for i := range outcomes {
		if o := &outcomes[i]; o.Err != nil {
			return fmt.Errorf("%s, seed %d, failed: %w", o.Label, o.Seed, o.Err)
		}
	}
	return nil
}
