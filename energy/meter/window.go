package meter

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Window is the time in which a meter measures: from each Resume to the next
// Pause. It may be used from several goroutines.
type Window struct {
	mu       sync.Mutex
	clock    func() instant
	tallies  []tally
	running  bool
	last     instant       // when the counters were read
	elapsed  time.Duration // measured
	segments int
	err      error // the first; nothing is read after it
	timer    *time.Timer
	notes    []string
}

// tally is what one counter has counted.
type tally struct {
	*Counter
	last   uint64 // as read
	counts uint64
	wraps  int
}

func (t *tally) joules() float64 { return float64(t.counts) * t.Unit }

// Window returns a window in which nothing is measured yet.
func (m *Meter) Window() *Window {
	w := &Window{clock: now, notes: m.Missing}
	for i := range m.Counters {
		w.tallies = append(w.tallies, tally{Counter: &m.Counters[i]})
	}
	if len(w.tallies) == 0 {
		w.err = errors.New(m.reason())
	}
	return w
}

// Resume begins to measure, or goes on.
func (w *Window) Resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running || w.err != nil {
		return
	}
	w.running = true
	w.segments++
	w.last = w.clock()
	for i := range w.tallies {
		if w.err = w.tallies[i].begin(); w.err != nil {
			return
		}
	}
	if patience := w.patience(); patience > 0 {
		w.timer = time.AfterFunc(patience, w.keepUp)
	}
}

// Pause ceases to measure, until the next Resume.
func (w *Window) Pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.running {
		return
	}
	w.advance()
	w.running = false
	if w.timer != nil {
		w.timer.Stop()
	}
}

// keepUp reads the counters before they can have wrapped twice.
func (w *Window) keepUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running && w.err == nil {
		w.advance()
		w.timer.Reset(w.patience())
	}
}

// patience is how long all counters may go unread. 0: for ever.
func (w *Window) patience() (least time.Duration) {
	for i := range w.tallies {
		if p := w.tallies[i].patience(); p > 0 && (least == 0 || p < least) {
			least = p
		}
	}
	return least
}

// advance adds what was counted since the counters were last read.
func (w *Window) advance() {
	if w.err != nil {
		return
	}
	at := w.clock()
	elapsed := at.running.Sub(w.last.running)
	if w.err = w.last.check(at); w.err != nil {
		return
	}
	for i := range w.tallies {
		if w.err = w.tallies[i].advance(elapsed); w.err != nil {
			return
		}
	}
	w.elapsed += elapsed
	w.last = at
}

// begin reads the counter for the first time in a segment.
func (t *tally) begin() (err error) {
	if t.last, err = t.Read(); err != nil {
		return fmt.Errorf("%s: %w", t.Counter, err)
	}
	return nil
}

// advance reads the counter, so long after it was last read.
func (t *tally) advance(elapsed time.Duration) error {
	count, err := t.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", t.Counter, err)
	}
	counts, err := t.difference(t.last, count, elapsed)
	if err != nil {
		return err
	}
	if count < t.last {
		t.wraps++
	}
	t.counts += counts
	t.last = count
	return nil
}
