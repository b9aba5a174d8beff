package train

import (
	"context"
	"sync"
	"time"

	"ergon/energy/meter"
	"ergon/graph"
	"ergon/internal/schema"
	"ergon/train/rundir"
)

// newMeter opens the meter of a run: of the processors, and of its GPU.
func newMeter(r *Run) (*meter.Meter, error) {
	card := ""
	if d, ok := graph.DeviceOf(r.Engine); ok {
		card = d.Info().Name
	}
	m, err := meter.Open(r.Config.Energy.Meter, card)
	if err != nil {
		return nil, schema.Under("energy", schema.Fieldf("meter", "%v", err))
	}
	return m, nil
}

// metering measures the joules of a run while it learns. Evaluations are not
// measured: they are the experimenter's, as in the ledger.
type metering struct {
	window   *meter.Window
	baseline *meter.Baseline // nil: not measured
	note     string          // why it was not, if it should have been
	shared   bool            // with another run of this process, at some time
}

// underway are the runs that this process trains at this time.
var underway struct {
	sync.Mutex
	all map[*metering]struct{}
}

// startMetering measures what the machine draws before the run, if asked to.
// Nothing is measured of the run itself until resume.
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

// join enters the run among those underway; whoever meets shares the counters.
func (m *metering) join() (alone bool) {
	underway.Lock()
	defer underway.Unlock()
	for other := range underway.all {
		other.shared, m.shared = true, true
	}
	if underway.all == nil {
		underway.all = map[*metering]struct{}{}
	}
	underway.all[m] = struct{}{}
	return !m.shared
}

// leave takes the run from those underway and says whether it ever met another.
func (m *metering) leave() (shared bool) {
	underway.Lock()
	defer underway.Unlock()
	delete(underway.all, m)
	return m.shared
}

func (m *metering) resume() { m.window.Resume() }

func (m *metering) pause() { m.window.Pause() }

// close enters what was measured in the account, or why it is not known.
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
