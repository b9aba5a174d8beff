package train

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkWrites is what counting the writes of each synapse adds to a step, in parts of it: of
// the fastest of many steps with and without it, in turns, so that other programs slow down both.
func BenchmarkWrites(b *testing.B) {
	for name, settings := range map[string][]string{
		"batch-1":             {"train.batch=1"},
		"batch-1-competitive": {"train.batch=1", "rule.mask={kind: competitive, p: 0.1}"},
		"batch-1-neurons":     {"train.batch=1", "rule.mask={kind: neurons, p: 0.5}"},
		"batch-100":           {"train.batch=100"},
		"batch-100-bernoulli": {"train.batch=100", "rule.mask={kind: bernoulli, p: 0.5}"},
	} {
		b.Run(name, func(b *testing.B) {
			r := begin(b, load(b, "{data: mnist}", append(settings, "rule.optimizer.lr=0.01", "model.hidden=[200]")...))
			writes, took := r.updater.Writes(), [2][]float64{}
			for round := 0; b.Loop(); round++ {
				counted := round % 2
				writes.Unknown = [2]string{"not counted", ""}[counted]
				begun := time.Now()
				for range 20 {
					advance(b, r)
				}
				took[counted] = append(took[counted], time.Since(begun).Seconds()/20)
			}
			if len(took[1]) == 0 {
				return // a trial of one round
			}
			plain, counted := slices.Min(took[0]), slices.Min(took[1])
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(1e6*plain, "µs/step")
			b.ReportMetric(100*(counted/plain-1), "%-for-counting")
		})
	}
}
