package meter

import (
	"errors"
	"time"
)

// instant is a moment by two clocks.
type instant struct {
	running time.Time // stands still while the machine sleeps, as Go's monotonic reading does on Linux
	wall    time.Time // goes on
}

// now is the present instant.
func now() instant {
	t := time.Now()
	return instant{running: t, wall: t.Round(0)} // Round drops the monotonic reading
}

// drift is how far the clocks may come apart by being steered, in windows of
// minutes.
const drift = time.Second

// check returns an error if the machine slept until a later instant: counters
// are lost in a sleep. A clock that was set cannot be told from that.
func (i instant) check(later instant) error {
	apart := later.wall.Sub(i.wall) - later.running.Sub(i.running)
	if apart.Abs() > drift {
		return errors.New("the machine slept, or its clock was set, while it was measured")
	}
	return nil
}
