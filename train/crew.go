package train

import "errors"

// Crew makes the steps of runs by themselves, without evaluations or hooks: to
// time them. More than one run need a GPU.
type Crew struct {
	runs  []*Run
	steps stepper
}

// NewCrew returns the crew of some runs. Close it before them.
func NewCrew(runs ...*Run) (*Crew, error) {
	steps, err := newStepper(runs)
	return &Crew{runs, steps}, err
}

// Horizon returns how many steps are best asked for at a time.
func (c *Crew) Horizon() int { return c.steps.horizon() }

// Advance makes n steps of every run.
func (c *Crew) Advance(n int) error {
	for n > 0 {
		now := min(n, c.steps.horizon())
		if err := errors.Join(c.steps.advance(now)...); err != nil {
			return err
		}
		n -= now
	}
	return nil
}

// Close frees what the steps needed.
func (c *Crew) Close() error { return c.steps.close() }
