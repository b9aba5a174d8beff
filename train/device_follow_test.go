package train

import (
	"context"
	"fmt"
	"math"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// Over a thousand steps on MNIST the device follows the cpu engine. Rounding separates
// them slowly, by less than the tolerance.
func TestDeviceFollowsTheCPU(t *testing.T) {
	testdevice.Use(t)
	hidden, batch := 16, 8
	if testdevice.Real {
		hidden, batch = 100, 32
	}
	run := func(device string) []*rundir.Metrics {
		kept := &keep{}
		c := preset(t, "mnist", "engine.device="+device, "engine.blas=gonum", "data.test=500", "train.max_steps=1000", "train.eval_every=200",
			fmt.Sprintf("model.hidden=[%d]", hidden), fmt.Sprintf("train.batch=%d", batch),
			"rule.mask={kind: bernoulli, p: 0.5}", "rule.clip={kind: value, bound: 0.002}")
		if _, err := begin(t, c).Train(context.Background(), kept); err != nil {
			t.Fatal(err)
		}
		return kept.metrics
	}
	want := run("cpu")
	for i, got := range run("gpu") {
		w := want[i]
		if got.Samples != w.Samples || got.MACsForward != w.MACsForward {
			t.Fatalf("after %d steps: %d presentations, %d MACs; want %d, %d", w.Step, got.Samples, got.MACsForward, w.Samples, w.MACsForward)
		}
		// On the emulator: M0 equal, losses 1e-7 apart. A GPU sums in another order.
		for what, pair := range map[string][2]float64{
			"training loss": {got.TrainLoss, w.TrainLoss}, "test loss": {got.TestLoss, w.TestLoss},
			"M0": {float64(got.M0), float64(w.M0)}, "M1": {got.M1, w.M1}, "activity": {got.ActivityL1, w.ActivityL1},
		} {
			d := math.Abs(pair[0]-pair[1]) / pair[1]
			t.Logf("after %d steps: %s %.1e apart", w.Step, what, d)
			if d > 1e-3 {
				t.Errorf("after %d steps: %s %v, want %v", w.Step, what, pair[0], pair[1])
			}
		}
		if d := math.Abs(*got.TestAccuracy - *w.TestAccuracy); d > 0.005 {
			t.Errorf("after %d steps: accuracies %v and %v", w.Step, *got.TestAccuracy, *w.TestAccuracy)
		}
	}
}

// keep keeps the metrics.
type keep struct {
	NopHook
	metrics []*rundir.Metrics
}

// Evaluate implements Hook.
func (k *keep) Evaluate(_ *Run, m *rundir.Metrics) error {
	k.metrics = append(k.metrics, m)
	return nil
}
