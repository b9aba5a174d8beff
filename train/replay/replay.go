// Package replay makes a finished run again from its config, step by step the same, so that
// something can be measured at weights that the run has not kept.
package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ergon/configs"
	"ergon/internal/bounded"
	"ergon/train"
	"ergon/train/rundir"
)

// Run is a finished run that is made again.
type Run struct {
	Live     *train.Run // the run so far; its config has no prices and no meter
	Summary  *rundir.Summary
	Steps    int // that the finished run made
	Replayed int // evaluations that the replay passed and whose account it has, to the last bit
	Differs  int // step of the first whose account it does not have; 0: none

	records []record // evaluations to come
}

// record is what the replay must have at an evaluation.
type record struct {
	Step int     `json:"step"`
	M0   int64   `json:"m0"`
	M1   float64 `json:"m1"`
}

// Load returns summary and config of a finished run. The config has no prices and no meter: a
// replay costs nothing.
func Load(directory string) (*rundir.Summary, *configs.Config, error) {
	d := rundir.Directory(directory)
	summary, err := d.Summary()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s has no summary.json: it is not a run directory, or the run has not ended", directory)
	} else if err != nil {
		return nil, nil, err
	}
	config, err := configs.Load(d.Path(rundir.ConfigFile), nil)
	if err != nil {
		return nil, nil, err
	}
	config.Energy.Prices, config.Energy.Meter = nil, "none"
	return summary, config, nil
}

// Open rebuilds the run of a directory as it began. Close it when done.
func Open(directory string) (*Run, error) {
	summary, config, err := Load(directory)
	if err != nil {
		return nil, err
	}
	d := rundir.Directory(directory)
	r := &Run{Summary: summary, Steps: summary.Steps}
	if r.records, err = records(d); err != nil {
		return nil, err
	}
	if r.Live, err = train.New(config); err != nil {
		return nil, err
	}
	if err := checkData(d, r.Live.Data.Content.Digest); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// checkData errs if a run learned from other data than its config names now. Runs of
// versions that recorded no digest cannot be told.
func checkData(d rundir.Directory, now string) error {
	meta, err := d.Meta()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if meta.Data != nil && meta.Data.SHA256 != now {
		return fmt.Errorf("the data in %s changed since %s ran (SHA-256 %.12s… then, %.12s… now): it cannot be replayed", meta.Data.Where, d, meta.Data.SHA256, now)
	}
	return nil
}

// records reads what the run's evaluations recorded; none if there is no file.
func records(d rundir.Directory) (all []record, err error) {
	err = bounded.LinesIn(string(d), rundir.MetricsFile, func(line []byte) error {
		var r record
		err := bounded.JSON(line, &r)
		all = append(all, r)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return all, err
}

// Close releases the run's engine.
func (r *Run) Close() { r.Live.Close() }

// Advance replays the run until it has made so many steps. done is called after
// each.
func (r *Run) Advance(ctx context.Context, steps int, done func()) error {
	for r.Live.Steps < steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.Live.Step(); err != nil {
			return err
		}
		r.check()
		done()
	}
	return nil
}

// check compares the account of a step that was evaluated.
func (r *Run) check() {
	if len(r.records) == 0 || r.records[0].Step != r.Live.Steps {
		return
	}
	account := r.Live.Ledger.Total()
	if r.records[0].M0 == account.M0 && r.records[0].M1 == account.M1 {
		r.Replayed++
	} else if r.Differs == 0 {
		r.Differs = r.Live.Steps
	}
	r.records = r.records[1:]
}

// Note says whether the replay is the run.
func (r *Run) Note() string {
	switch {
	case r.Differs > 0:
		return fmt.Sprintf("the replay is not the run to the last bit: the account of step %d differs from metrics.jsonl; another version, processor or BLAS made it", r.Differs)
	case r.Replayed == 0:
		return "that the replay is the run was not checked: up to the last of these steps metrics.jsonl has no evaluation"
	}
	return fmt.Sprintf("the replay has the account of the run at %d evaluations, to the last bit", r.Replayed)
}
