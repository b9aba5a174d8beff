package train

import (
	"fmt"
	"time"

	"ergon/configs"
	"ergon/internal/state"
)

// saving says when a run's state is saved.
type saving struct {
	last time.Time     // when it was, or the run began
	cost time.Duration // what it took
}

// share is how much of the time saving may take: one part in so many.
const share = 100

func (s *saving) begin() { s.last = time.Now() }

// due says whether the state after the run's last step is to be saved.
func (s *saving) due(r *Run) bool {
	c := r.Config.Saving
	if c.EverySteps > 0 && r.Steps%c.EverySteps == 0 {
		return true
	}
	return c.EverySeconds > 0 && time.Since(s.last) >= s.interval(c)
}

// interval is at least so long that saving takes no more than its share.
func (s *saving) interval(c configs.Saving) time.Duration {
	return max(time.Duration(c.EverySeconds*float64(time.Second)), share*s.cost)
}

// save hands the state of the session to its hooks. Joules of saving are not those of learning.
func (s *session) save() error {
	s.joules.pause()
	defer s.resume()
	begun := time.Now()
	if err := s.run.Fetch(); err != nil {
		return err
	}
	memory, err := state.Save(s)
	if err != nil {
		return fmt.Errorf("saving the state of step %d: %w", s.run.Steps, err)
	}
	r := s.run
	hash, err := r.Config.Hash()
	if err != nil {
		return err
	}
	saved := &Saved{
		Progress: Progress{Executable: Executable(), Wall: time.Since(r.Started).Seconds()},
		Step:     r.Steps, Config: hash, Version: Version(), State: memory,
	}
	for _, h := range s.started {
		if err := h.Save(r, saved); err != nil {
			return err
		}
	}
	s.saved.last = time.Now()
	s.saved.cost = s.saved.last.Sub(begun)
	return nil
}
