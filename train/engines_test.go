package train

import (
	"fmt"
	"math"
	"testing"

	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
)

// The cpu engine follows the reference: the same losses to float32 precision
// over 300 steps, the same synapses changed, for each activation and loss and their
// settings.
func TestEnginesLearnAlike(t *testing.T) {
	for _, pair := range graphtest.Pairs(t) {
		t.Run(pair.Name, func(t *testing.T) {
			t.Parallel()
			settings := []string{"rule.clip={kind: value, bound: 0.05}", "rule.optimizer.lr=0.05"}
			switch {
			case pair.Outputs == 1:
				settings = append(settings, "data={name: patterns, inputs: 20, examples: 103}")
			case loss.CheckOutputs(pair.Loss, 3) != nil: // those of tiny
				settings = append(settings, fmt.Sprint("data.clusters=", pair.Outputs))
			}
			begun := func(device string) *Run {
				c := load(t, tiny, append(settings, "model.loss=mse", "engine.device="+device)...)
				model := c.Model.(*models.MLP)
				model.Activation, model.Loss = pair.Activation, pair.Loss
				return begin(t, c)
			}
			slow, fast := begun("reference"), begun("cpu")
			for step := range 300 {
				advance(t, slow)
				advance(t, fast)
				// The perceptron's loss, max(0, -y), has the rounding error of y, which is larger than it.
				if d := math.Abs(slow.Loss - fast.Loss); d > 1e-5*slow.Loss+1e-7 {
					t.Fatalf("step %d: losses %v and %v differ by %.1e", step, slow.Loss, fast.Loss, d)
				}
				if a, b := slow.Ledger.Last().M0, fast.Ledger.Last().M0; a != b {
					t.Fatalf("step %d: M0 %d and %d", step, a, b)
				}
			}
		})
	}
}

func advance(t testing.TB, r *Run) {
	t.Helper()
	if err := r.Step(); err != nil {
		t.Fatal(err)
	}
}

// Equal configs give the same metrics to the byte, on any number of cores.
func TestRunsAreReproducible(t *testing.T) {
	for _, batch := range []int{1, 100} {
		settings := func(threads int) []string {
			return []string{
				"data.train=1000", "data.test=500", "train.epochs=2", "model.hidden=[300]",
				"engine.blas=auto", fmt.Sprintf("train.batch=%d", batch), fmt.Sprintf("engine.threads=%d", threads),
			}
		}
		_, first := record(t, load(t, "{}", settings(1)...))
		for _, threads := range []int{1, 2, 5} {
			if _, again := record(t, load(t, "{}", settings(threads)...)); again != first {
				t.Errorf("batch %d, %d threads: metrics differ:\n%s%s", batch, threads, first, again)
			}
		}
	}
}

// Rules that keep everything and clip nothing are the plain run, counts included.
func TestLimitsAreThePlainRun(t *testing.T) {
	base := []string{"rule.mask=full", "rule.clip=none"}
	_, want := record(t, load(t, tiny, base...))
	for _, settings := range [][]string{
		{"rule.mask={kind: bernoulli, p: 1}"},
		{"rule.mask={kind: neurons, p: 1, side: both}"},
		{"rule.mask={kind: subnet, k: [12, 9]}"},
		{"rule.mask={kind: subnet, fraction: 1}"},
		{"rule.clip={kind: value, bound: .inf}"},
		{"rule.clip={kind: norm, bound: .inf}"},
		{"rule.mask=[full, full]"},
	} {
		if _, got := record(t, load(t, tiny, append(base, settings...)...)); got != want {
			t.Errorf("%v: other metrics than the plain run:\n%s%s", settings, got, want)
		}
	}
}
