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
	"ergon/internal/schema/schematest"
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
	for _, v := range schematest.Variants(t, activation.Kinds) {
		checkRefusal(t, e, network(v.Value, loss.MSE{}), v.Name, slices.Contains(activationsWithKernels, v.Kind))
	}
	for _, v := range schematest.Variants(t, loss.Kinds) {
		checkRefusal(t, e, network(activation.Linear{}, v.Value), v.Name, slices.Contains(lossesWithKernels, v.Kind))
	}
}

// checkRefusal compiles a network that is refused for want of a kernel, if for anything.
func checkRefusal(t *testing.T, e engine.Engine, spec *models.MLP, kind string, hasKernel bool) {
	t.Helper()
	model, err := spec.New(11, graphtest.Outputs(t, spec.Loss), 0)
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
func network(response activation.Activation, cost loss.Loss) *models.MLP {
	return &models.MLP{
		Hidden: []int{9}, Activation: response, Output: response, Loss: cost,
		Bias: "true", Feedback: "gradient", Init: &models.Normal{Std: 0.5},
	}
}
