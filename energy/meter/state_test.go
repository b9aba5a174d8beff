package meter

import (
	"testing"
	"testing/synctest"
	"time"

	"ergon/internal/state"
)

// What was measured before a window was saved is in the reading of the one that goes on, and
// nothing of the time between.
func TestWindowsGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := Meter{Counters: []Counter{simulated(constant(50), 1<<28)}}
		first := m.Window()
		first.Resume()
		time.Sleep(10 * time.Minute) // the counter has wrapped
		saved, err := state.Save(first)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // lost, as in a run that is killed
		first.Pause()
		second := m.Window()
		if err := saved.Restore(second); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		second.Resume()
		time.Sleep(5 * time.Minute)
		r, err := second.Reading()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "energy", r.Joules, 50*15*60, r.Error)
		near(t, "window", r.Window, 15*60, 0)
		whole := m.Window()
		whole.Resume()
		time.Sleep(15 * time.Minute)
		one, err := whole.Reading()
		if err != nil {
			t.Fatal(err)
		}
		if !(r.Error > one.Error) {
			t.Errorf("an error of %v in two segments, %v in one", r.Error, one.Error)
		}
		if r, err = first.Reading(); err != nil { // to be saved does not disturb it
			t.Fatal(err)
		}
		near(t, "energy of the first", r.Joules, 50*11*60, r.Error)
	})
}

// Joules of which a part was measured by something else, or not at all, are not known.
func TestWindowsOfOtherCounters(t *testing.T) {
	here := Meter{Counters: []Counter{simulated(constant(50), 1<<28)}}
	other := simulated(constant(50), 1<<28)
	other.Name = "package-1"
	finer := simulated(constant(50), 1<<28)
	finer.Unit /= 2
	for want, m := range map[string]Meter{
		"one part of the run was measured by rapl: package-1, another by rapl: package-0": {Counters: []Counter{other}},
		"one part of the run was measured by rapl: package-0, another by":                 {Counters: []Counter{finer}},
		"no meter was asked for": {},
	} {
		saved, err := state.Save(m.Window())
		if err != nil {
			t.Fatal(err)
		}
		w := here.Window()
		if err := saved.Restore(w); err != nil {
			t.Fatal(err)
		}
		w.Resume()
		_, err = w.Reading()
		says(t, err, want)
		if again, err := state.Save(w); err != nil { // and so in a third part
			t.Error(err)
		} else if w = here.Window(); again.Restore(w) != nil {
			t.Error("not restored")
		} else {
			_, err = w.Reading()
			says(t, err, want)
		}
	}
}
