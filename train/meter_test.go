package train

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ergon/energy/meter"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// joulesPerRead is a counter that advances by a joule each time it is read, and counts
// the reads. A window of n pieces has n joules.
func joulesPerRead(reads *uint64) *meter.Meter {
	return &meter.Meter{Counters: []meter.Counter{{
		Kind: "fake", Name: "package-0", Part: meter.Package, Unit: 1, Interval: time.Nanosecond, Limit: 1e30,
		Read: func() (uint64, error) { *reads++; return *reads, nil },
	}}}
}

// A run is measured between evaluations. The counters are read when measuring begins and
// ends, not at each step.
func TestMeasuredBetweenEvaluations(t *testing.T) {
	reads := uint64(0)
	r := begin(t, load(t, tiny, "train.eval_every=13")) // 4 · 13 steps: 4 evaluations
	r.meter = joulesPerRead(&reads)
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m := s.Energy.JoulesMeasured
	if m == nil || m.Joules != 4 || *m.Parts.Package != 4 || reads != 8 {
		t.Fatalf("%+v (%s) by %d readings, want 4 J by 8", m, s.Energy.NotMeasured, reads)
	}
	if !(m.Window > 0 && m.Window < s.Wall) || m.Source != "fake: package-0" || m.Baseline != nil {
		t.Errorf("%+v in a run of %v s", m, s.Wall)
	}
}

// during is a hook that calls do at each evaluation.
type during struct {
	NopHook
	do func()
}

// Evaluate implements Hook.
func (d during) Evaluate(*Run, *rundir.Metrics) error { d.do(); return nil }

// Runs at the same time cannot tell their joules apart; the next one alone can.
func TestSharedCounters(t *testing.T) {
	reads := uint64(0)
	train := func(hooks ...Hook) rundir.Account {
		r := begin(t, load(t, tiny, "train.epochs=1"))
		r.meter = joulesPerRead(&reads)
		s, err := r.Train(context.Background(), hooks...)
		if err != nil {
			t.Fatal(err)
		}
		return s.Energy
	}
	var inner rundir.Account
	outer := train(during{do: func() { inner = train() }})
	for _, a := range []rundir.Account{outer, inner} {
		if a.JoulesMeasured != nil || !strings.Contains(a.NotMeasured, "at the same time") {
			t.Errorf("%+v, %q", a.JoulesMeasured, a.NotMeasured)
		}
	}
	if a := train(); a.JoulesMeasured == nil || a.NotMeasured != "" {
		t.Errorf("alone: %q", a.NotMeasured)
	}
}

// What is known of a run's joules is so of all its parts, or of none.
func TestMeteringGoesOn(t *testing.T) {
	reads := uint64(0)
	for _, part := range [][2]bool{{false, false}, {true, false}, {false, true}} {
		begun := func(shared bool) *metering { return &metering{window: joulesPerRead(&reads).Window(), shared: shared} }
		first, shared := begun(part[0]), part[0] || part[1]
		first.resume()
		saved, err := state.Save(first)
		if err != nil {
			t.Fatal(err)
		}
		second, account := begun(part[1]), rundir.Account{}
		if err := saved.Restore(second); err != nil {
			t.Fatal(err)
		}
		second.resume()
		second.pause()
		second.close(&account)
		if m := account.JoulesMeasured; shared != (m == nil) || m != nil && m.Joules != 2 {
			t.Errorf("shared: %t: %+v (%s), want 2 J unless shared", part, m, account.NotMeasured)
		}
	}
}

// What a run has drawn that was killed before it could save it is not known, and said to lack;
// of a run that was stopped in order nothing does.
func TestJoulesOfKilledRuns(t *testing.T) {
	for _, killed := range []bool{false, true} {
		reads := uint64(0)
		d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		var s *rundir.Summary
		for part := range 2 {
			r := begin(t, load(t, tiny, "train.eval_every=13", "checkpoint.every_steps=13"))
			r.meter = joulesPerRead(&reads)
			ctx, stop := context.WithCancel(context.Background())
			if part == 1 {
				if _, _, err := r.Continue(d); err != nil {
					t.Fatal(err)
				}
			}
			recorder := NewRecorder(d)
			if s, err = r.Train(ctx, recorder, during{do: func() {
				if part == 0 {
					stop()
				}
			}}); err != nil {
				t.Fatal(err)
			}
			stop()
			if part == 0 && killed { // as it is found: states, and no summary
				if err := os.Remove(d.Path(rundir.SummaryFile)); err != nil {
					t.Fatal(err)
				}
			}
		}
		m := s.Energy.JoulesMeasured
		if m == nil {
			t.Fatalf("not measured: %s", s.Energy.NotMeasured)
		}
		said := slices.ContainsFunc(m.Notes, func(n string) bool { return strings.Contains(n, "killed or failed (parts: 1)") })
		if s.Resumed.Times != 1 || said != killed || (s.Resumed.Killed == 1) != killed {
			t.Errorf("killed: %t: resumed %+v, notes %q", killed, s.Resumed, m.Notes)
		}
	}
}

// A run that panics does not stay among the running ones.
func TestSharedAfterPanic(t *testing.T) {
	func() {
		defer func() { _ = recover() }()
		_, _ = begin(t, load(t, tiny)).Train(context.Background(), during{do: func() { panic("a fault") }})
		t.Error("no panic")
	}()
	if len(running.all) != 0 {
		t.Error("the run is still among the running ones")
	}
}

func TestMeasuredBaseline(t *testing.T) {
	reads := uint64(0)
	r := begin(t, load(t, tiny, "energy.baseline_s=0.001"))
	r.meter = joulesPerRead(&reads)
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Energy.JoulesMeasured; m == nil || m.Baseline == nil || !(*m.Baseline > 0 && *m.Baseline <= 1000) {
		t.Errorf("1 J in 1 ms or more: %+v, %s", m, s.Energy.NotMeasured)
	}
}

// If the baseline fails, the run's joules are reported without it.
func TestBaselineFails(t *testing.T) {
	reads := uint64(0)
	r := begin(t, load(t, tiny, "energy.baseline_s=0.001"))
	r.meter = joulesPerRead(&reads)
	count := r.meter.Counters[0].Read
	r.meter.Counters[0].Read = func() (uint64, error) {
		n, err := count()
		if n == 2 {
			err = errors.New("no such device")
		}
		return n, err
	}
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m := s.Energy.JoulesMeasured
	if m == nil || m.Baseline != nil || len(m.Notes) != 1 || m.Notes[0] != "no baseline: fake: package-0: no such device" {
		t.Errorf("%+v, %s", m, s.Energy.NotMeasured)
	}
}

// Without a meter joules are null, and the account says why.
func TestNotMeasured(t *testing.T) {
	s, _ := record(t, load(t, tiny, "energy.meter=none"))
	if a := s.Energy; a.JoulesMeasured != nil || !strings.Contains(a.NotMeasured, "no meter was asked for") {
		t.Errorf("%+v, %q", a.JoulesMeasured, a.NotMeasured)
	}
	if _, err := New(load(t, tiny, "energy.meter=nvml")); err == nil || !strings.Contains(err.Error(), "energy.meter: nvml: measures a GPU") {
		t.Errorf("a run on processors with nvml: %v", err)
	}
}
