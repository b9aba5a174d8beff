package engine_test

import (
	"errors"
	"slices"
	"testing"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
)

// Activations and losses that have kernels. A kind that loses its kernel by a slip, of
// a method's name say, would be refused, and skipped by all tests that compare kernels.
var (
	activationsWithKernels = []string{"elu", "erf", "leaky_relu", "linear", "relu", "sigmoid", "softplus", "tanh"}
	lossesWithKernels      = []string{"mse", "perceptron", "softmax_xent"}
)

// Kinds with kernels train on a GPU; any other is refused, by name and with a way out.
func TestKindsWithoutKernelAreRefused(t *testing.T) {
	e := graphtest.OnDevice(t)
	for _, kind := range activation.Kinds.Kinds() {
		spec := network(kind.Name, "mse")
		spec.Output = spec.Activation
		checkRefusal(t, e, spec, kind.Name, slices.Contains(activationsWithKernels, kind.Name))
	}
	for _, kind := range loss.Kinds.Kinds() {
		checkRefusal(t, e, network("relu", kind.Name), kind.Name, slices.Contains(lossesWithKernels, kind.Name))
	}
}

// checkRefusal compiles a network that is refused for want of a kernel, if for anything.
func checkRefusal(t *testing.T, e engine.Engine, spec *models.MLP, kind string, hasKernel bool) {
	t.Helper()
	model, err := spec.New(11, 4, 0)
	check(t, err)
	p, err := graph.CompileTraining(model, e, 5, graph.Backward{})
	if err == nil {
		check(t, p.Close())
		return
	}
	if missing := new(device.NoKernelError); hasKernel || !errors.As(err, &missing) {
		t.Errorf("%s: %v", kind, err)
	}
}

// network is a network of one hidden layer.
func network(response, cost string) *models.MLP {
	m := &models.MLP{Hidden: []int{9}, Output: activation.Linear{}, Bias: "true", Feedback: "gradient", Init: &models.Normal{Std: 0.5}}
	m.Activation, _ = activation.Kinds.New(response)
	m.Loss, _ = loss.Kinds.New(cost)
	return m
}
