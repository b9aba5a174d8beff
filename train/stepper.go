package train

import "errors"

// Stepper makes the steps of runs without evaluations or hooks, to time them. More
// than one run need a GPU.
type Stepper struct{ driver driver }

// NewStepper returns the stepper of some runs. Close it before them.
func NewStepper(runs ...*Run) (*Stepper, error) {
	d, err := newDriver(runs)
	return &Stepper{d}, err
}

// StepsAtOnce returns the most steps that are made without a pause.
func (s *Stepper) StepsAtOnce() int { return s.driver.stepsAtOnce() }

// RunSteps makes n steps of every run.
func (s *Stepper) RunSteps(n int) error {
	for n > 0 {
		now := min(n, s.driver.stepsAtOnce())
		if err := errors.Join(s.driver.runSteps(now)...); err != nil {
			return err
		}
		n -= now
	}
	return nil
}

// Close frees what the steps needed.
func (s *Stepper) Close() error { return s.driver.close() }
