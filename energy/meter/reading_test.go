package meter

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// parts are two sockets with memory and a card, each of a power of its own.
func parts() (all []Counter) {
	for i, p := range []struct {
		kind, name string
		part       Part
		watts      float64
	}{
		{"rapl", "package-0", Package, 40}, {"rapl", "dram-0", DRAM, 4}, {"rapl", "package-1", Package, 50},
		{"rapl", "dram-1", DRAM, 0}, {"nvml", "NVIDIA A100", GPU, 300},
	} {
		all = append(all, simulated(constant(p.watts), 1<<32))
		all[i].Kind, all[i].Name, all[i].Part = p.kind, p.name, p.part
	}
	return all
}

func TestParts(t *testing.T) {
	r, err := measure(t, parts, sleep(100*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "package", *r.Parts.Package, 9000, r.Error)
	near(t, "dram", *r.Parts.DRAM, 400, r.Error)
	near(t, "gpu", *r.Parts.GPU, 30000, r.Error)
	near(t, "energy", r.Joules, 39400, r.Error)
	near(t, "the parts' sum", *r.Parts.Package+*r.Parts.DRAM+*r.Parts.GPU, r.Joules, 1e-9)
	if want := "rapl: package-0, dram-0, package-1; nvml: NVIDIA A100"; r.Source != want {
		t.Errorf("source %q, want %q", r.Source, want)
	}
	if diff := cmp.Diff([]string{"rapl: dram-1 did not move and is left out"}, r.Notes); diff != "" {
		t.Error(diff)
	}
}

// What was not measured is null.
func TestReadingJSON(t *testing.T) {
	r, err := measure(t, one(constant(64), 1<<32), sleep(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"joules": r.Joules, "error": r.Error, "source": "rapl: package-0", "window_s": 2.0,
		"parts":      map[string]any{"package": r.Joules, "dram": nil, "gpu": nil},
		"baseline_w": nil, "joules_above_idle": nil, "error_above_idle": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// 20 W while idle and 70 W in the run are 50 W above idle; the other way round
// is nothing that can be told.
func TestBaseline(t *testing.T) {
	for _, c := range []struct {
		idle, run, above float64
	}{{20, 70, 500}, {70, 20, -1}} {
		synctest.Test(t, func(t *testing.T) {
			m := Meter{Counters: one(func(s float64) float64 {
				return c.idle*min(s, 5) + c.run*max(s-5, 0)
			}, 1<<32)()}
			b, err := m.Idle(context.Background(), 5*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "power while idle", b.Watts, c.idle, b.Error)
			w := m.Window()
			w.Resume()
			time.Sleep(10 * time.Second)
			r, err := w.Reading()
			if err != nil {
				t.Fatal(err)
			}
			r.Above(*b)
			near(t, "baseline", *r.Baseline, c.idle, b.Error)
			switch {
			case c.above < 0:
				if r.AboveIdle != nil || r.ErrorAboveIdle != nil || len(r.Notes) != 1 {
					t.Errorf("less than idle: %+v", r)
				}
			case r.AboveIdle == nil:
				t.Error("no joules above idle")
			default:
				near(t, "energy above idle", *r.AboveIdle, c.above, *r.ErrorAboveIdle)
			}
		})
	}
}

// Above idle is what is left of the joules, and both errors add up; nothing left is
// known to be nothing.
func TestAboveIdle(t *testing.T) {
	r := Reading{Joules: 10, Error: 1, Window: 4}
	r.Above(Baseline{Watts: 2, Error: 0.25})
	if *r.Baseline != 2 || r.AboveIdle == nil || *r.AboveIdle != 2 || *r.ErrorAboveIdle != 2 {
		t.Errorf("%+v, want 2 ± 2 J above idle", r)
	}
	r = Reading{Joules: 8, Window: 4}
	r.Above(Baseline{Watts: 2})
	if r.AboveIdle == nil || *r.AboveIdle != 0 || len(r.Notes) != 0 {
		t.Errorf("%+v, want 0 J above idle", r)
	}
}

// The power while idle and its error are those of a window as long, over its length.
func TestBaselineIsAReading(t *testing.T) {
	const seconds = 5
	r, err := measure(t, one(constant(20), 1<<32), sleep(seconds*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		b, err := (&Meter{Counters: one(constant(20), 1<<32)()}).Idle(t.Context(), seconds*time.Second)
		if err != nil || b.Watts != r.Joules/seconds || b.Error != r.Error/seconds {
			t.Errorf("%+v, %v; a window has %v ± %v J", b, err, r.Joules, r.Error)
		}
	})
}

// A signal does not wait for the baseline.
func TestBaselineInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := Meter{Counters: one(constant(20), 1<<32)()}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start := time.Now()
		b, err := m.Idle(ctx, time.Hour)
		if err != nil || time.Since(start) != time.Second {
			t.Fatalf("%v after %v", err, time.Since(start))
		}
		near(t, "power while idle", b.Watts, 20, b.Error)
	})
}
