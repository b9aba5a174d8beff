//go:build slow && linux

package train

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"

	"ergon/train/rundir"
)

// A run of a million steps, with its metrics and states written all the while, needs no more
// memory, goroutines and open files at its end than soon after its start.
func TestMillionStepsLeakNothing(t *testing.T) {
	r := begin(t, load(t, tiny, "train.epochs=0", "train.max_steps=1000000", "train.eval_every=1000", "train.log_every=100", "checkpoint.every_steps=5000"))
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	w := &watch{t: t}
	s, err := r.Train(context.Background(), NewRecorder(d), w)
	if err != nil || s.Steps != 1000000 {
		t.Fatalf("%d steps, %v", s.Steps, err)
	}
	seen := w.seen[len(w.seen)/5:] // after warming up
	most := 0.0
	first, last := seen[0], seen[len(seen)-1]
	for _, x := range seen {
		most = max(most, x.bytes)
		if x.goroutines != first.goroutines || x.files != first.files {
			t.Errorf("after %v steps: %d goroutines and %d open files, and %d and %d after %v", x.step, x.goroutines, x.files, first.goroutines, first.files, first.step)
		}
	}
	// One look finds a pooled buffer of 110 kB that another does not: of those in use, the least of a quarter of the looks.
	grown, live := growth(seen), leastLive(seen[len(seen)*3/4:])-leastLive(seen[:len(seen)/4])
	t.Logf("%d looks from step %v to %v: memory grows by %.0f bytes (a straight line through all) and what is in use of the heap by %.0f (the least of the last quarter, and of the first), from %.2f to %.2f MiB, %.2f at most; %d goroutines, %d open files",
		len(seen), first.step, last.step, grown, live, first.bytes/(1<<20), last.bytes/(1<<20), most/(1<<20), first.goroutines, first.files)
	if grown > 1<<20 || live > 100<<10 {
		t.Errorf("memory grows by %.0f bytes, and 1 MiB is allowed; what is in use of the heap by %.0f, and 100 kB are", grown, live)
	}
}

// watch is a hook that looks at the process now and then.
type watch struct {
	NopHook
	t    *testing.T
	seen []look
}

type look struct {
	step, bytes       float64 // in memory
	live              float64 // bytes of the heap that are in use
	goroutines, files int
}

// Evaluate implements Hook.
func (w *watch) Evaluate(r *Run, _ *rundir.Metrics) error {
	if r.Steps%10000 != 0 {
		return nil
	}
	debug.FreeOSMemory() // collects garbage, too
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.seen = append(w.seen, look{float64(r.Steps), resident(w.t), float64(m.HeapAlloc), runtime.NumGoroutine(), len(files)})
	return nil
}

// resident is how many bytes of the process are in memory.
func resident(t *testing.T) float64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var kilobytes float64
		if _, err := fmt.Sscanf(string(line), "VmRSS: %f kB", &kilobytes); err == nil {
			return kilobytes * 1024
		}
	}
	t.Fatal("the system does not say how much memory is in use")
	return 0
}

// growth is by how many bytes memory grows over all looks, along the straight line nearest to them.
func growth(seen []look) float64 {
	var x, y, xx, xy float64
	n := float64(len(seen))
	for _, l := range seen {
		x, y = x+l.step/n, y+l.bytes/n
	}
	for _, l := range seen {
		xx, xy = xx+(l.step-x)*(l.step-x), xy+(l.step-x)*(l.bytes-y)
	}
	return xy / xx * (seen[len(seen)-1].step - seen[0].step)
}

// leastLive is the least of what was in use of the heap.
func leastLive(seen []look) float64 {
	return slices.MinFunc(seen, func(a, b look) int { return cmp.Compare(a.live, b.live) }).live
}
