package meter

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// measure measures counters while the time passes, in a bubble of its own clock.
func measure(t *testing.T, counters func() []Counter, during func(*Window)) (r *Reading, err error) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		m := Meter{Counters: counters()}
		w := m.Window()
		w.Resume()
		during(w)
		r, err = w.Reading()
	})
	return r, err
}

func one(joules func(float64) float64, steps uint64) func() []Counter {
	return func() []Counter { return []Counter{simulated(joules, steps)} }
}

func sleep(d time.Duration) func(*Window) { return func(*Window) { time.Sleep(d) } }

// A counter of 16 kJ starts again from 0 three times in 20 minutes at 50 W, and
// more often at 900 W: it has to be read before it can do so twice.
func TestWraps(t *testing.T) {
	for _, watts := range []float64{50, 900} {
		r, err := measure(t, one(constant(watts), 1<<28), sleep(20*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "energy", r.Joules, watts*1200, r.Error)
		near(t, "error", r.Error, 0, watts*0.00101+0.01) // what the power does in a millisecond, and steps
		near(t, "window", r.Window, 1200, 0)
	}
}

// A window that is too short for a wrap is read at its edges only.
func TestReadsAtEdges(t *testing.T) {
	reads := 0
	_, err := measure(t, func() []Counter {
		c := simulated(constant(50), 1<<32)
		inner := c.Read
		c.Read = func() (uint64, error) { reads++; return inner() }
		return []Counter{c}
	}, sleep(2*time.Minute))
	if err != nil || reads != 2 {
		t.Errorf("%d readings (%v), want 2", reads, err)
	}
}

// What is drawn in pauses is not counted.
func TestPauses(t *testing.T) {
	busy := func(seconds float64) float64 { // 100 W, and 300 W in the middle third
		return 100*seconds + 200*min(max(seconds-10, 0), 10)
	}
	r, err := measure(t, one(busy, 1<<32), func(w *Window) {
		time.Sleep(10 * time.Second)
		w.Pause()
		w.Pause() // once is enough
		time.Sleep(10 * time.Second)
		w.Resume()
		w.Resume()
		time.Sleep(10 * time.Second)
	})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "energy", r.Joules, 2000, r.Error)
	near(t, "window", r.Window, 20, 0)
	near(t, "error", r.Error, 0, 0.4)
}

// At a steady power the truth is within the error, whatever the segments.
func TestErrorBar(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		watts := rapid.Float64Range(2, 900).Draw(rt, "watts")
		segments := rapid.SliceOfN(rapid.Int64Range(1, 1<<40), 1, 5).Draw(rt, "segments") // ns
		measured := time.Duration(0)
		r, err := measure(t, one(constant(watts), 1<<26), func(w *Window) {
			w.Pause()
			for _, s := range segments {
				w.Resume()
				time.Sleep(time.Duration(s))
				w.Pause()
				measured += time.Duration(s)
				time.Sleep(time.Duration(s) / 3)
			}
		})
		if err != nil {
			if measured > time.Duration(len(segments)+2)*time.Millisecond {
				rt.Fatalf("%v at %v W: %v", measured, watts, err)
			}
			return
		}
		if truth := watts * measured.Seconds(); !(r.Joules > 0) || math.Abs(r.Joules-truth) > r.Error+1e-9*truth {
			rt.Fatalf("%v ± %v J, truth %v", r.Joules, r.Error, truth)
		}
	})
}

// A window about as short as the counter's interval has no energy, or an error
// larger than that.
func TestShort(t *testing.T) {
	for _, d := range []time.Duration{0, 10 * time.Microsecond, time.Millisecond} {
		_, err := measure(t, one(constant(50), 1<<32), sleep(d))
		says(t, err, "rapl: package-0", "brought up to date each 1ms", d.String()+" measured (pieces: 1)")
	}
	r, err := measure(t, one(constant(50), 1<<32), sleep(1500*time.Microsecond))
	if err != nil || r.Error < r.Joules {
		t.Errorf("%+v, %v: want an error bar larger than the energy", r, err)
	}
}

// A counter may draw up to its limit, and may be read as late as it cannot have gone
// round twice.
func TestEdgesOfACounter(t *testing.T) {
	c := Counter{Unit: 1, Range: 1000, Limit: 100, Interval: time.Second} // goes round in 10 s
	for _, x := range []struct {
		before, after uint64
		elapsed       time.Duration
		want          uint64
		says          string
	}{
		{0, 500, 4 * time.Second, 500, ""},
		{0, 501, 4 * time.Second, 0, "which cannot be energy"},
		{1000, 7, 9 * time.Second, 7, ""}, // its range is the last count before a wrap
		{1001, 7, 9 * time.Second, 0, "which cannot be energy"},
		{0, 900, 10 * time.Second, 900, ""},
		{0, 900, 10*time.Second + 1, 0, "was not read for 10 s"},
	} {
		got, err := c.difference(x.before, x.after, x.elapsed)
		if x.says != "" {
			says(t, err, x.says)
		} else if err != nil || got != x.want {
			t.Errorf("from %d to %d in %v: %d, %v", x.before, x.after, x.elapsed, got, err)
		}
	}
}

// How far joules may be off, by hand: 40 J in 3 segments of 12 s in all, of a counter that is
// brought up to date each second and grows by 2 J, went round twice and lost a step each time.
func TestUncertainty(t *testing.T) {
	c := tally{Counter: &Counter{Unit: 0.5, Step: 2, Interval: time.Second}, counts: 80, wraps: 2}
	const steps = (3 + 2) * 2
	near(t, "uncertainty", c.uncertainty(12*time.Second, 3), steps+3*(40.+steps)/(12-3), 1e-12)
	c = tally{Counter: &Counter{Read: func() (uint64, error) { return 5, nil }, Unit: 1, Range: 9, Limit: 1e9}, last: 8}
	for range 3 { // the first of them goes round, the others stand still
		if err := c.advance(8 * time.Nanosecond); err != nil {
			t.Fatal(err)
		}
	}
	if c.wraps != 1 || c.counts != 6 {
		t.Errorf("%d wraps and %d counts, want 1 and 6", c.wraps, c.counts)
	}
}

// Counters are read as often as the most impatient asks; one that never wraps asks nothing.
func TestPatienceOfAWindow(t *testing.T) {
	lap := func(seconds uint64) *Counter { return &Counter{Unit: 1, Range: seconds, Limit: 1} }
	for _, c := range []struct {
		laps []uint64
		want time.Duration
	}{{nil, 0}, {[]uint64{0}, 0}, {[]uint64{8}, 4 * time.Second}, {[]uint64{0, 8, 6, 10, 0}, 3 * time.Second}, {[]uint64{6, 0}, 3 * time.Second}} {
		w := Window{}
		for _, l := range c.laps {
			w.tallies = append(w.tallies, tally{Counter: lap(l)})
		}
		if got := w.patience(); got != c.want {
			t.Errorf("laps of %v s: read each %v, want %v", c.laps, got, c.want)
		}
	}
}

// faulty is a counter whose readings are given.
func faulty(counts ...uint64) func() []Counter {
	return func() []Counter {
		c := simulated(constant(0), 1<<32)
		c.Read = func() (uint64, error) {
			if len(counts) == 0 {
				return 0, errors.New("no such device")
			}
			n := counts[0]
			counts = counts[1:]
			return n, nil
		}
		return []Counter{c}
	}
}

// Energy that cannot be is no energy: never negative, never 0, never a guess.
func TestNotEnergy(t *testing.T) {
	const r = (1<<32 - 1) * 61
	for name, c := range map[string]struct {
		counts []uint64
		says   string
	}{
		"set back":          {[]uint64{5e9, 4e9}, "went from 5000000000 to 4000000000, which cannot be energy"},
		"started anew":      {[]uint64{2e9, 0}, "which cannot be energy"},
		"jumped":            {[]uint64{0, 200e9}, "which cannot be energy"},
		"beyond its range":  {[]uint64{r + 1, 7}, "which cannot be energy"},
		"stood still":       {[]uint64{7, 7}, "did not move in 10 s"},
		"stood still at 0":  {[]uint64{0, 0}, "did not move in 10 s"},
		"gone":              {[]uint64{7}, "rapl: package-0: no such device"},
		"never to be read":  {nil, "rapl: package-0: no such device"},
		"to where it was":   {[]uint64{r, 0}, "did not move in 10 s"}, // the wrap loses the only step
		"a wrap is allowed": {[]uint64{r - 1e9, 1e9}, ""},
	} {
		got, err := measure(t, faulty(c.counts...), sleep(10*time.Second))
		if c.says == "" {
			if err != nil || math.Abs(got.Joules-2000) > got.Error {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			continue
		}
		if got != nil {
			t.Errorf("%s: %+v", name, got)
		}
		says(t, err, c.says)
	}
}

// Where a process was stopped for so long that wraps cannot be counted, or the
// machine slept, the energy is unknown. NVML's counters do not wrap.
func TestGaps(t *testing.T) {
	for name, c := range map[string]struct {
		running, wall time.Duration
		steps         uint64
		says          string
	}{
		"stopped": {300 * time.Second, 300 * time.Second, 1 << 32, "was not read for 300 s"},
		"slept":   {10 * time.Second, 3600 * time.Second, 1 << 32, "slept"},
		"set":     {10 * time.Second, 8 * time.Second, 1 << 32, "slept, or its clock was set"},
		"steered": {200 * time.Second, 200*time.Second + 900*time.Millisecond, 1 << 32, ""},
		"drifted": {10 * time.Second, 10*time.Second + drift, 1 << 32, ""},
		"no wrap": {30000 * time.Second, 30000 * time.Second, 0, ""},
	} {
		counter := faulty(1e9, 2e9)()[0]
		if c.steps == 0 {
			counter.Range = 0
		}
		start := time.Now()
		at := instant{start, start}
		w := (&Meter{Counters: []Counter{counter}}).Window()
		w.clock = func() instant { return at }
		w.Resume()
		at = instant{start.Add(c.running), start.Add(c.wall)}
		r, err := w.Reading()
		if c.says != "" {
			says(t, err, c.says)
		} else if err != nil || math.Abs(r.Joules-1000) > 1e-9 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
