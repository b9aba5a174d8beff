package meter

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"ergon/internal/state"
)

var _ state.Stateful = (*Window)(nil)

// measured is what a window has measured so far.
type measured struct {
	Elapsed  time.Duration
	Segments int
	Counters []counted
	Error    string // why it is not known; "": it is
}

// counted is what one counter has counted.
type counted struct {
	Name   string  // and kind
	Unit   float64 // J per count
	Counts uint64
	Wraps  int
}

// State implements state.Stateful: what was measured so far, to which what is measured from
// now on is added. It may be called while the window measures. A window that has other
// counters than the one that measured before knows no joules, and Reading says why.
func (w *Window) State(v state.Visitor) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running {
		w.advance()
	}
	m := w.measured()
	v.JSON("measured", &m)
	w.adopt(m)
}

func (w *Window) measured() measured {
	m := measured{Elapsed: w.elapsed, Segments: w.segments}
	for i := range w.tallies {
		t := &w.tallies[i]
		m.Counters = append(m.Counters, counted{t.String(), t.Unit, t.counts, t.wraps})
	}
	if w.err != nil {
		m.Error = w.err.Error()
	}
	return m
}

// adopt takes over what was measured.
func (w *Window) adopt(m measured) {
	same := slices.EqualFunc(w.tallies, m.Counters, func(t tally, c counted) bool { return t.String() == c.Name && t.Unit == c.Unit })
	switch {
	case w.err != nil:
	case m.Error != "":
		w.err = errors.New(m.Error)
	case !same:
		w.err = fmt.Errorf("one part of the run was measured by %s, another by %s", listOf(m.Counters), listOf(w.measured().Counters))
	default:
		w.elapsed, w.segments = m.Elapsed, m.Segments
		for i, c := range m.Counters {
			w.tallies[i].counts, w.tallies[i].wraps = c.Counts, c.Wraps
		}
	}
}

// listOf lists counters.
func listOf(all []counted) (text string) {
	for i, c := range all {
		if i > 0 {
			text += ", "
		}
		text += c.Name
	}
	return text
}
