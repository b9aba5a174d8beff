package train

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/internal/state"
)

// Restored runs go on on a device, too.
func TestRestoredRunsGoOnOnADevice(t *testing.T) {
	onEmulator(t)
	eachKind(t, updating, func(t *testing.T, setting string) {
		c := load(t, tiny, setting, "engine.device=gpu", "train.log_every=4")
		r, err := New(c)
		if err != nil {
			t.Skip(err)
		}
		r.Close()
		goesOn(t, c, 4*somewhere(setting, 12))
	})
}

// onEmulator skips a test where products need not have the same bits the next time.
func onEmulator(t *testing.T) {
	t.Helper()
	testdevice.Use(t)
	if testdevice.Real {
		t.Skip("cuBLAS may sum a product in another order the next time")
	}
}

// Each of several runs side by side has its own memory. They go on side by side, or alone;
// not where they have to make different steps.
func TestRestoredRunsSideBySide(t *testing.T) {
	onEmulator(t)
	engine, err := load(t, tiny, "engine.device=gpu").Engine.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	settings := [][]string{{"seed=1", "rule.optimizer=adam"}, {"seed=2", "rule.optimizer=momentum"}, {"seed=3", "train.epochs=2"}}
	begun := func(i, at int) (Job, *trace) {
		r, err := NewOn(engine, load(t, tiny, append(settings[i], "engine.device=gpu", "train.log_every=4")...))
		if err != nil {
			t.Fatal(err)
		}
		h := &trace{at: at}
		return Job{r, []Hook{h}}, h
	}
	together := func(from []*trace, at int) (hooks []*trace) {
		var jobs []Job
		for i := range settings {
			job, h := begun(i, at)
			if from != nil {
				if err := job.Run.Restore(from[i].snapshot); err != nil {
					t.Fatal(err)
				}
			}
			jobs, hooks = append(jobs, job), append(hooks, h)
		}
		_, errs := Together(context.Background(), jobs)
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		return hooks
	}
	whole := together(nil, 20)
	for i, rest := range together(whole, 52) { // the third has ended then
		if lines := whole[i].lines[whole[i].before:]; !slices.Equal(rest.lines, lines) {
			t.Errorf("%v: after a restore\n%s\nin one go\n%s", settings[i], first(rest.lines, lines), first(lines, rest.lines))
		}
	}
	late, _ := begun(0, -1)
	if err := late.Run.Restore(whole[0].snapshot); err != nil {
		t.Fatal(err)
	}
	early, _ := begun(1, -1)
	_, errs := Together(context.Background(), []Job{late, early})
	if errs[0] == nil || !strings.Contains(errs[0].Error(), "one has made 20, another 0") {
		t.Errorf("error %v, want one of runs that are not at the same step", errs[0])
	}
}

// What a run on one engine remembers, one on another takes over, and hands on as it was.
func TestRunsChangeEngines(t *testing.T) {
	testdevice.Use(t)
	for _, optimizer := range []string{"sgd", "momentum", "adam"} {
		var snapshot *state.Snapshot
		for _, device := range []string{"cpu", "gpu", "reference", "gpu", "cpu"} {
			r := begin(t, load(t, tiny, "engine.device="+device, "rule.optimizer="+optimizer))
			if snapshot != nil {
				if err := r.Restore(snapshot); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithCancel(context.Background())
			h := &takeover{until: r.Steps + 5, cancel: cancel}
			if _, err := r.Train(ctx, h); err != nil {
				t.Fatal(err)
			}
			if snapshot != nil {
				same(t, snapshot, h.first)
			}
			if snapshot = h.last; snapshot == nil {
				t.Fatalf("%s: no step was made", device)
			}
		}
	}
}

// takeover takes a snapshot at the start, and one after some steps, where it ends the run.
type takeover struct {
	NopHook
	until       int
	cancel      func()
	first, last *state.Snapshot
}

// Start implements Hook.
func (h *takeover) Start(r *Run) (err error) {
	h.first, err = r.Snapshot()
	return err
}

// Step implements Hook.
func (h *takeover) Step(r *Run) (err error) {
	if h.last == nil && r.Steps >= h.until {
		h.last, err = r.Snapshot()
		h.cancel()
	}
	return err
}

// same compares snapshots, but for why the traffic of memory is not known: that is known
// of the whole run, or not.
func same(t *testing.T, want, got *state.Snapshot) {
	t.Helper()
	for name, x := range want.Float32s {
		if y := got.Float32s[name]; !slices.EqualFunc(x, y, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			t.Errorf("%s has changed on the way", name)
		}
	}
	for name, x := range want.Float64s {
		if y := got.Float64s[name]; !slices.EqualFunc(x, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
			t.Errorf("%s has changed on the way: %v, before %v", name, y, x)
		}
	}
	for name, x := range want.Values {
		if y := got.Values[name]; string(x) != string(y) && !strings.HasPrefix(name, "ledger.") {
			t.Errorf("%s has changed on the way: %s, before %s", name, y, x)
		}
	}
	if len(want.Float32s) != len(got.Float32s) || len(want.Float64s) != len(got.Float64s) || len(want.Values) != len(got.Values) {
		t.Error("other names")
	}
}
