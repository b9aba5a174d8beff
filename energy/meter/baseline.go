package meter

import (
	"context"
	"time"
)

// Baseline is the power that a machine draws while it does nothing for a run.
type Baseline struct {
	Watts float64
	Error float64 // W
}

// Idle measures the power drawn in a time in which the caller does nothing. The
// end of ctx cuts it short.
func (m *Meter) Idle(ctx context.Context, d time.Duration) (*Baseline, error) {
	w := m.Window()
	timer := time.NewTimer(d)
	defer timer.Stop()
	w.Resume()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	r, err := w.Reading()
	if err != nil {
		return nil, err
	}
	return &Baseline{Watts: r.Joules / r.Window, Error: r.Error / r.Window}, nil
}

// Above notes in the reading what idling would have drawn. Where the machine drew
// less in the run, joules above idle stay unknown, with a note.
func (r *Reading) Above(b Baseline) {
	r.Baseline = &b.Watts
	above, e := r.Joules-b.Watts*r.Window, r.Error+b.Error*r.Window
	if above < 0 {
		r.Notes = append(r.Notes, "the machine drew no more in the run than while it idled, so that joules above idle are not known")
		return
	}
	r.AboveIdle, r.ErrorAboveIdle = &above, &e
}
