package train

import (
	"errors"

	"ergon/graph/engine"
)

// stepper makes the steps of some runs, and evaluates them. Runs are numbered
// as they were given to newStepper.
type stepper interface {
	// horizon is how many steps advance makes at most.
	horizon() int
	// advance makes n steps of every run that goes on and enters them in its
	// account. It returns what ends a run, one error or nil for each; a *Diverged
	// if its numbers are no longer finite.
	advance(n int) []error
	// evaluate runs a run's network over its test set, and brings its weights
	// to the model.
	evaluate(run int) (Evaluation, error)
	// end brings a run's weights to the model, for it goes on no longer.
	end(run int) error
	// close frees what the steps needed.
	close() error
}

// newStepper returns what makes the steps of runs.
func newStepper(runs []*Run) (stepper, error) {
	if d, ok := engine.DeviceOf(runs[0].Engine); ok {
		return newDeviceStepper(d, runs)
	}
	if len(runs) == 1 {
		return hostStepper{runs[0]}, nil
	}
	return nil, errors.New("train: several runs side by side need a GPU: engine.device=gpu")
}

// noStepper is the stepper of runs that cannot be stepped.
type noStepper struct{ stepper }

func (noStepper) horizon() int { return 0 }

func (noStepper) end(int) error { return nil }

func (noStepper) close() error { return nil }

// hostStepper makes the steps of one run on the host, one at a time.
type hostStepper struct{ run *Run }

var _ stepper = hostStepper{}

func (hostStepper) horizon() int { return 1 }

func (s hostStepper) advance(int) []error { return []error{s.run.Step()} }

func (s hostStepper) evaluate(int) (Evaluation, error) { return s.run.evaluator.evaluate(s.run.Steps) }

func (hostStepper) end(int) error { return nil }

func (hostStepper) close() error { return nil }
