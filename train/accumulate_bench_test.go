package train

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Whole steps of rules that accumulate, beside plain descent: compare the medians of one call. One presentation at
// a time of 784(+1)-200-10, whose inputs are all different from 0, and batches of 128 with 512 hidden units.
func BenchmarkAccumulate(b *testing.B) {
	caches := []string{"none", "synaptic", "{kind: synaptic, variant: neuron}", "{kind: synaptic, variant: neuron_sum}", "mixed_precision", "{kind: mixed_precision, visible: true}", "stochastic_rounding", "tiki_taka", "tiki_taka2", "low_rank", "metaplastic"}
	for size, settings := range map[string][]string{
		"batch=1,hidden=200":   {"train.batch=1", "model={hidden: [200], bias: unit}"},
		"batch=128,hidden=512": {"train.batch=128", "model.hidden=[512]"},
	} {
		for _, cache := range caches {
			b.Run(fmt.Sprintf("%s/%s", size, cache), func(b *testing.B) {
				settings := append([]string{"data={name: mnist, transform: vanrossum2024}", "rule.optimizer.lr=0.01", "rule.cache=" + cache, "train.goals=[]"}, settings...)
				r := begin(b, load(b, "{}", settings...))
				for range 20 {
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
				b.ReportMetric(1e3*times[len(times)/2].Seconds(), "ms/step") // the median
			})
		}
	}
}
