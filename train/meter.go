package train

import (
	"context"
	"fmt"
	"sync"
	"time"

	"ergon/energy/meter"
	"ergon/graph/engine"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// newMeter opens the meter of a run: of the processors, and of its GPU if it has one.
func newMeter(r *Run) (*meter.Meter, error) {
	card := ""
	if d, ok := engine.DeviceOf(r.Engine); ok {
		card = d.Info().Name
	}
	m, err := meter.Open(r.Config.Energy.Meter, card)
	if err != nil {
		return nil, schema.Under("energy", schema.Fieldf("meter", "%v", err))
	}
	return m, nil
}

// metering measures the joules of a run while it learns. Like the ledger it leaves out
// evaluations: they are part of the experiment, not of learning.
type metering struct {
	window   *meter.Window
	baseline *meter.Baseline // nil: not measured
	note     string          // why there is no baseline although it was asked for
	shared   bool            // another run of this process was trained at the same time
}

// running holds the runs that this process trains now.
var running struct {
	sync.Mutex
	all map[*metering]struct{}
}

// startMetering measures what the machine draws before the run, if the config asks for
// a baseline. The run itself is measured from resume on.
func startMetering(ctx context.Context, r *Run) *metering {
	m := &metering{window: r.meter.Window()}
	alone := m.join()
	if seconds := r.Config.Energy.Baseline; seconds > 0 && alone && len(r.meter.Counters) > 0 {
		var err error
		if m.baseline, err = r.meter.Idle(ctx, time.Duration(seconds*float64(time.Second))); err != nil {
			m.note = "no baseline: " + err.Error()
		}
	}
	return m
}

// join adds the run to those that are running. Runs that meet share the counters, and
// none of them can tell its own joules.
func (m *metering) join() (alone bool) {
	running.Lock()
	defer running.Unlock()
	for other := range running.all {
		other.shared, m.shared = true, true
	}
	if running.all == nil {
		running.all = map[*metering]struct{}{}
	}
	running.all[m] = struct{}{}
	return !m.shared
}

// leave removes the run from those that are running, and says whether it ever met another.
func (m *metering) leave() (shared bool) {
	running.Lock()
	defer running.Unlock()
	delete(running.all, m)
	return m.shared
}

// State implements state.Stateful: a run that met another in one of its parts has met it. The
// baseline is measured anew.
func (m *metering) State(v state.Visitor) {
	running.Lock()
	defer running.Unlock()
	shared := m.shared
	v.JSON("shared", &m.shared)
	m.shared = m.shared || shared
	state.Under(v, "window", m.window)
}

func (m *metering) resume() { m.window.Resume() }

func (m *metering) pause() { m.window.Pause() }

// close puts into the account what was measured, or why it is not known.
func (m *metering) close(a *rundir.Account) {
	shared := m.leave()
	reading, err := m.window.Reading()
	switch {
	case err != nil:
		a.NotMeasured = err.Error()
	case shared:
		a.NotMeasured = "several runs were trained at the same time in this process, and a counter cannot tell them apart; a benchmark measures with --jobs 1"
	default:
		if m.baseline != nil {
			reading.Above(*m.baseline)
		}
		if m.note != "" {
			reading.Notes = append(reading.Notes, m.note)
		}
		a.JoulesMeasured = reading
	}
}

// noteKilled says what the joules of a run lack that was killed: what was drawn between a part's
// last state and its end. The counters ran on, but nobody wrote down what they showed then.
func noteKilled(s *rundir.Summary) {
	m, n := s.Energy.JoulesMeasured, s.Resumed.Killed
	if m == nil || n == 0 {
		return
	}
	m.Notes = append(m.Notes, fmt.Sprintf("without what was drawn after the last state of a part that was killed or failed (parts: %d)", n))
}
