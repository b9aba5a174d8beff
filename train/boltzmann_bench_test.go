package train

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A step of persistent contrastive divergence on MNIST in black and white: batches of 100
// and as many chains, one sweep. docs/performance/boltzmann_torch.py times the same.
func BenchmarkBoltzmannStep(b *testing.B) {
	for _, centred := range []bool{false, true} {
		for _, hidden := range []int{16, 128, 500} {
			b.Run(fmt.Sprintf("hidden=%d,centred=%t", hidden, centred), func(b *testing.B) {
				r := begin(b, load(b, "{}", "data={name: mnist, transform: binary}", fmt.Sprintf("model={kind: rbm, hidden: %d, centred: %t}", hidden, centred),
					"train.batch=100", "rule.optimizer.lr=0.01", "train.goals=[]"))
				for range 600 { // an epoch: chains as sparse as digits
					if err := r.Step(); err != nil {
						b.Fatal(err)
					}
				}
				var times []time.Duration
				b.ResetTimer()
				for b.Loop() {
					start := time.Now()
					if err := r.Step(); err != nil {
						b.Fatal(err)
					}
					times = append(times, time.Since(start))
				}
				slices.Sort(times)
				b.ReportMetric(1e3*times[len(times)/2].Seconds(), "ms/step") // the median, as the script's
			})
		}
	}
}
