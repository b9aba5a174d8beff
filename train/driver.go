package train

import (
	"context"
	"errors"

	"ergon/graph/engine"
)

// driver makes the steps of some runs, and evaluates them: on the host or on a GPU.
// Runs are numbered as they were given to newDriver.
type driver interface {
	// stepsAtOnce returns the most steps that runSteps makes.
	stepsAtOnce() int
	// runSteps makes n steps of every run that has not ended, and records them in its
	// ledger. It returns for each run nil or the error that ends it, a
	// *rundir.Diverged if its numbers are no longer finite. They are valid until the next
	// call.
	runSteps(n int) []error
	// evaluate runs a run's network over its test set and what is held out for
	// validation, and brings its weights to the model. It may stop with an error when
	// ctx ends.
	evaluate(ctx context.Context, run int) (Evaluations, error)
	// end ends a run, and brings its weights to the model.
	end(run int) error
	// close frees what the steps needed.
	close() error
}

// newDriver returns the driver of runs: the device's if their engine is on one.
func newDriver(runs []*Run) (driver, error) {
	if d, ok := engine.DeviceOf(runs[0].Engine); ok {
		return newDeviceDriver(d, runs)
	}
	if len(runs) == 1 {
		return &hostDriver{run: runs[0], errs: make([]error, 1)}, nil
	}
	return nil, errors.New("train: several runs side by side need a GPU: engine.device=gpu")
}

// noDriver stands in where newDriver failed. It makes no steps.
type noDriver struct{ driver }

func (noDriver) stepsAtOnce() int { return 0 }

func (noDriver) end(int) error { return nil }

func (noDriver) close() error { return nil }

// hostDriver makes the steps of one run on the host, one at a time.
type hostDriver struct {
	run  *Run
	errs []error // of runSteps
}

var _ driver = &hostDriver{}

func (*hostDriver) stepsAtOnce() int { return 1 }

func (d *hostDriver) runSteps(int) []error {
	d.errs[0] = d.run.Step()
	return d.errs
}

func (d *hostDriver) evaluate(ctx context.Context, _ int) (e Evaluations, err error) {
	if d.run.boltzmann != nil {
		return d.run.boltzmann.evaluate(ctx)
	}
	if e.Test, err = d.run.evaluator.evaluate(ctx, d.run.Steps); err != nil || d.run.validator == nil {
		return e, err
	}
	validation, err := d.run.validator.evaluate(ctx, d.run.Steps)
	e.Validation = &validation
	return e, err
}

func (*hostDriver) end(int) error { return nil }

func (*hostDriver) close() error { return nil }
