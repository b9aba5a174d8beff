package train

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ergon/train/rundir"
)

// BenchmarkSave is what saving a run's state costs: time and size of a state, and at most
// which part of the time it takes where a state is saved every checkpoint.every_s, 60 by default.
func BenchmarkSave(b *testing.B) {
	for name, settings := range map[string][]string{
		"784-200-10":        {"model.hidden=[200]"},
		"784-2000-10":       {"model.hidden=[2000]"},
		"784-2000-10-adam":  {"model.hidden=[2000]", "rule.optimizer=adam"},
		"convnet-8-16-adam": {"model={kind: convnet, channels: [8, 16]}", "rule.optimizer=adam"},
	} {
		b.Run(name, func(b *testing.B) {
			base := []string{"rule.optimizer.lr=0.001", "data={name: mixture, inputs: 784, clusters: 10, train: 640, test: 10}", "checkpoint.every_s=60"}
			r := begin(b, load(b, "{}", append(base, settings...)...))
			d, err := rundir.Open(filepath.Join(b.TempDir(), "run"), false)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = d.Close() })
			s := newSession(context.Background(), Job{r, []Hook{NewRecorder(d)}})
			b.Cleanup(func() { s.joules.leave() })
			if s.start(); s.err != nil {
				b.Fatal(s.err)
			}
			var took []float64
			for b.Loop() {
				if err := r.Step(); err != nil {
					b.Fatal(err)
				}
				begun := time.Now()
				if err := s.save(); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun).Seconds())
			}
			states, err := d.States()
			if err != nil || len(states) == 0 {
				b.Fatal("no state is there: ", err)
			}
			info, err := os.Stat(d.Path(states[0]))
			if err != nil {
				b.Fatal(err)
			}
			slices.Sort(took)
			middle, slow := took[len(took)/2], took[len(took)*95/100]
			b.ReportMetric(0, "ns/op") // of a step and a save
			b.ReportMetric(1000*middle, "ms/save")
			b.ReportMetric(1000*slow, "p95-ms/save")
			b.ReportMetric(float64(info.Size())/1e6, "MB")
			b.ReportMetric(100*middle/r.Config.Saving.EverySeconds, "%-of-time")
		})
	}
}

// Saving takes no more than its share of the time: where a save takes long, the next comes late.
func TestSavingTakesItsShare(t *testing.T) {
	r := begin(t, load(t, tiny, "checkpoint.every_s=60"))
	for _, c := range []struct{ cost, interval time.Duration }{
		{0, time.Minute}, {600 * time.Millisecond, time.Minute}, {2 * time.Second, 200 * time.Second},
	} {
		s := saving{cost: c.cost, last: time.Now().Add(-c.interval + time.Second)}
		if got := s.interval(r.Config.Saving); got != c.interval {
			t.Errorf("after a save of %v the next one comes after %v, want %v", c.cost, got, c.interval)
		}
		if s.due(r) {
			t.Errorf("after a save of %v another is due a second too early", c.cost)
		}
		if s.last = s.last.Add(-time.Second); !s.due(r) {
			t.Errorf("after a save of %v none is due after %v", c.cost, c.interval)
		}
	}
}
