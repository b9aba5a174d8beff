package meter

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Reading is what was measured in a window.
type Reading struct {
	Joules float64 `json:"joules"` // of all parts
	// Error is how far Joules may be off, in J, because counters grow in steps
	// and are brought up to date from time to time.
	Error  float64 `json:"error"`
	Source string  `json:"source"` // meters and counters
	Window float64 `json:"window_s"`
	Parts  Parts   `json:"parts"`

	Baseline       *float64 `json:"baseline_w"`        // drawn while idle; null: not measured
	AboveIdle      *float64 `json:"joules_above_idle"` // Joules without what idling would have drawn
	ErrorAboveIdle *float64 `json:"error_above_idle"`

	Notes []string `json:"notes,omitempty"` // what was not measured, and why
}

// Parts are the joules of each part; nil where it was not measured.
type Parts struct {
	Package *float64 `json:"package"`
	DRAM    *float64 `json:"dram"`
	GPU     *float64 `json:"gpu"`
}

// Reading ends the window and returns what was measured, or an error that says
// why that is not known.
func (w *Window) Reading() (*Reading, error) {
	w.Pause()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return nil, w.err
	}
	r := &Reading{Window: w.elapsed.Seconds(), Notes: slices.Clone(w.notes)}
	var used []*Counter
	for i := range w.tallies {
		t := &w.tallies[i]
		moved, err := t.check(w.elapsed, w.segments)
		if err != nil {
			return nil, err
		}
		if !moved {
			r.Notes = append(r.Notes, t.String()+" did not move and is left out")
			continue
		}
		used = append(used, t.Counter)
		r.add(t.Part, t.joules())
		r.Error += t.uncertainty(w.elapsed, w.segments)
	}
	r.Source = names(used)
	return r, nil
}

// check says whether a counter has moved in the time measured, which is in some
// segments. One that has not is broken, as in virtual machines, or has nothing
// to measure, as that of memory in many laptops. Only memory can be left out.
func (t *tally) check(elapsed time.Duration, segments int) (moved bool, err error) {
	switch {
	case elapsed <= time.Duration(segments)*t.Interval:
		return false, fmt.Errorf("%s is brought up to date each %v, too rarely for the %v measured (pieces: %d); train longer, or evaluate less often",
			t.Counter, t.Interval, elapsed, segments)
	case t.counts == 0 && t.Part != DRAM:
		return false, fmt.Errorf("%s did not move in %.3g s: it does not measure, as in many virtual machines", t.Counter, elapsed.Seconds())
	}
	return t.counts > 0, nil
}

// uncertainty is how far the joules J of n segments may be off, at a steady power
// P. A reading is up to an interval old and short of the truth by less than a
// step, so that each segment is off by step + P·interval at most; hence P itself
// is at most (J + n·step) / (elapsed - n·interval). A wrap loses a step.
func (t *tally) uncertainty(elapsed time.Duration, segments int) float64 {
	n := float64(segments)
	steps := (n + float64(t.wraps)) * t.Step
	power := (t.joules() + steps) / (elapsed.Seconds() - n*t.Interval.Seconds())
	return steps + n*t.Interval.Seconds()*power
}

// add adds the joules of a counter.
func (r *Reading) add(p Part, joules float64) {
	at := map[Part]**float64{Package: &r.Parts.Package, DRAM: &r.Parts.DRAM, GPU: &r.Parts.GPU}[p]
	if *at == nil {
		*at = new(float64)
	}
	**at += joules
	r.Joules += joules
}

// names lists counters by meter: "rapl: package-0, dram-0; nvml: NVIDIA A100".
func names(counters []*Counter) string {
	var text strings.Builder
	for i, c := range counters {
		switch {
		case i == 0:
			text.WriteString(c.String())
		case c.Kind == counters[i-1].Kind:
			text.WriteString(", " + c.Name)
		default:
			text.WriteString("; " + c.String())
		}
	}
	return text.String()
}
