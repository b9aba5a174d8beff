package engine_test

import (
	"fmt"
	"math"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// engineWithout opens a cpu engine that leaves passes out.
func engineWithout(t *testing.T, names ...string) engine.Engine {
	t.Helper()
	return engine.Without(graphtest.Open(t, engine.Spec{Device: "cpu", BLAS: "gonum", Threads: 2}), names...)
}

// An engine conforms without any of its passes, and without all: they change how nodes
// are computed, not what.
func TestEnginesWithoutPassesConform(t *testing.T) {
	left := [][]string{engine.Passes()}
	for _, name := range engine.Passes() {
		left = append(left, []string{name})
	}
	for _, names := range left {
		t.Run(fmt.Sprint("without ", names), func(t *testing.T) {
			e := engineWithout(t, names...)
			graphtest.Conform(t, e)
			graphtest.ConformConvolutions(t, e)
		})
	}
}

// gateOfNegative opens for presentations whose first output is negative.
type gateOfNegative struct{}

func (gateOfNegative) Opens(output, _ []float32) bool { return output[0] < 0 }

// Behind a gate, too, gradients are those of a machine that leaves nothing out. Without
// convolutions, and whether the gate is a pass or not, they are the same to the bit.
func TestPassesBehindAGate(t *testing.T) {
	dense := &models.MLP{
		Hidden: []int{12, 7}, Activation: activation.Tanh{}, Output: activation.Linear{}, Bias: "true", Feedback: "gradient",
		Init: models.He{}, Loss: loss.SoftmaxXent{},
	}
	convolutional := &models.ConvNet{
		Height: 9, Width: 9, Channels: []int{3, 4}, Kernel: 3, Padding: 1, Pool: 2, Hidden: []int{7},
		Activation: activation.Tanh{}, Output: activation.Linear{}, Bias: true, Init: models.He{}, Loss: loss.SoftmaxXent{},
	}
	for _, name := range engine.Passes() {
		checkPass(t, dense, name, true)
		checkPass(t, convolutional, name, name == "gate")
	}
}

// checkPass compares gradients with those without a pass: to the bit if exact, else to
// rounding.
func checkPass(t *testing.T, spec graph.Spec, name string, exact bool) {
	t.Helper()
	all, without := gated(t, engineWithout(t), spec), gated(t, engineWithout(t, name), spec)
	for i, want := range without {
		same := math.Float32bits(all[i]) == math.Float32bits(want)
		if exact && !same || math.Abs(float64(all[i]-want)) > 1e-5*math.Abs(float64(want))+1e-6 {
			t.Errorf("%T, gradient %d: %v, without the pass %s %v", spec, i, all[i], name, want)
			return
		}
	}
}

// gated returns the gradients of a network behind a gate that opens for some
// presentations of a batch.
func gated(t *testing.T, e engine.Engine, spec graph.Spec) (all []float32) {
	t.Helper()
	model, err := spec.New(81, 3, 1)
	check(t, err)
	p, err := graph.CompileTraining(model, e, 8, graph.Backward{Gate: gateOfNegative{}})
	check(t, err)
	s := philox.New(7, "test/gated")
	for i := range p.X {
		p.X[i] = float32(s.Normal(0, uint64(i)))
	}
	clear(p.Target)
	for b := range p.Batch {
		p.Target[3*b] = 1
	}
	check(t, p.Run())
	if p.Open() == 0 || p.Open() == p.Batch {
		t.Fatalf("the gate opens for %d of %d", p.Open(), p.Batch)
	}
	for _, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		check(t, err)
		all = append(all, g.(*tensor.Dense).Float32s()...)
	}
	return all
}
