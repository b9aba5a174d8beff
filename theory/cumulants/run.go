package cumulants

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"ergon/configs"
	"ergon/internal/bounded"
	"ergon/masks"
	"ergon/train"
	"ergon/train/rundir"
)

// Run is a finished run that is replayed from its config, step by step the same.
type Run struct {
	Law      *Law
	Steps    int // that the run made
	Replayed int // evaluations that the replay passed and whose account it has, to the last bit
	Differs  int // step of the first whose account it does not have; 0: none

	config  *configs.Config
	run     *train.Run
	records []record // evaluations to come
}

// record is what the replay must have at an evaluation.
type record struct {
	Step int     `json:"step"`
	M0   int64   `json:"m0"`
	M1   float64 `json:"m1"`
}

// Open rebuilds the run of a directory as it began. That a rule cannot be
// averaged over is an error that names the setting. Close the run when done.
func Open(directory string) (*Run, error) {
	d := rundir.Directory(directory)
	summary, err := d.Summary()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no summary.json: it is not a run directory, or the run has not ended", directory)
	} else if err != nil {
		return nil, err
	}
	config, err := configs.Load(d.Path(rundir.ConfigFile), nil)
	if err != nil {
		return nil, err
	}
	config.Energy.Prices, config.Energy.Meter = nil, "none" // a replay costs nothing
	r := &Run{Steps: summary.Steps, config: config}
	if r.records, err = records(d); err != nil {
		return nil, err
	}
	if r.run, err = train.New(config); err != nil {
		return nil, err
	}
	if err := checkData(d, r.run.Data.Content.Digest); err != nil {
		r.Close()
		return nil, err
	}
	if r.Law, err = newLaw(config, r.network()); err != nil {
		r.Close()
		return nil, fmt.Errorf("%s: %w", d.Path(rundir.ConfigFile), err)
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

// network returns what the rule may know of the run's network.
func (r *Run) network() masks.Network { return network(r.run.Model, r.run.Data.Classes) }

// Close releases the run's engine.
func (r *Run) Close() { r.run.Close() }

// Advance replays the run until it has made so many steps. done is called after
// each.
func (r *Run) Advance(ctx context.Context, steps int, done func()) error {
	for r.run.Steps < steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.run.Step(); err != nil {
			return err
		}
		r.check()
		done()
	}
	return nil
}

// check compares the account of a step that was evaluated.
func (r *Run) check() {
	if len(r.records) == 0 || r.records[0].Step != r.run.Steps {
		return
	}
	account := r.run.Ledger.Total()
	if r.records[0].M0 == account.M0 && r.records[0].M1 == account.M1 {
		r.Replayed++
	} else if r.Differs == 0 {
		r.Differs = r.run.Steps
	}
	r.records = r.records[1:]
}
