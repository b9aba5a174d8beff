package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
)

// A step of 784-512-10 is five products, two responses, one loss with its
// gradient, one error of the hidden units, and one sum for loss and biases.
func TestLaunches(t *testing.T) {
	d := testdevice.Open(t)
	for _, c := range []struct {
		activation string
		training   bool
		want       int
	}{{"relu", true, 10}, {"sigmoid", true, 10}, {"relu", false, 6}} {
		spec := layered(1, c.activation, "softmax_xent")
		spec.Hidden[0] = 512
		model, err := spec.New(784, 10, 0)
		check(t, err)
		layout := gpu.NewLayout([]int{784 * 512, 512, 512 * 10, 10})
		p, err := graph.Lower(model, d, placed(t, d, 1, layout), 128, c.training)
		check(t, err)
		if p.Launches() != c.want {
			t.Errorf("%s, training %t: %d launches, want %d", c.activation, c.training, p.Launches(), c.want)
		}
	}
}

// A node that takes a sum over the batch waits for it, and a gradient whose
// factor g is computed is not moved before it: dy = L (y-t)/B of L = mse(y, t).
func TestSumsAreThereWhenNeeded(t *testing.T) {
	g := G.NewGraph()
	y := G.NewMatrix(g, tensor.Float32, G.WithName("y"), G.WithShape(2, 1), G.WithValue(op.Float32Value([]float32{3, 1}, tensor.Shape{2, 1})))
	target := G.NewMatrix(g, tensor.Float32, G.WithName("t"), G.WithShape(2, 1), G.WithInit(G.Zeroes()))
	cost, err := loss.MSE{}.Node(y, target)
	check(t, err)
	dy, err := op.Apply(loss.SquaredErrorGradient{}, y, target, cost)
	check(t, err)
	machine, err := graphtest.OnDevice(t).Machine(g)
	check(t, err)
	check(t, machine.RunAll())
	if got := op.Float32s(cost.Value())[0]; got != 2.5 { // (9 + 1)/4
		t.Errorf("loss %v, want 2.5", got)
	}
	if got := op.Float32s(dy.Value()); !slices.Equal(got, []float32{3.75, 1.25}) {
		t.Errorf("gradient %v, want 2.5·[3 1]/2", got)
	}
	check(t, machine.Close())
}

type gateOfNone struct{}

func (gateOfNone) Opens(_, _ []float32) bool { return false }

type filterOfNone struct{}

func (filterOfNone) Filter([]float32, int) {}

type swish struct{ activation.Tanh } // an activation that no kernel knows

func (swish) Kernel() {} // hides activation.Tanh's

// What has no kernel fails by name: gates, filters, activations, and Gorgonia's
// own ops.
func TestWithoutKernel(t *testing.T) {
	device := graphtest.OnDevice(t)
	network := layered(1, "relu", "mse")
	unknown := layered(1, "relu", "mse")
	unknown.Activation = swish{}
	square := shared{&graph.Layer{In: 3, Out: 3, W: make([]float32, 9)}}
	for want, c := range map[string]struct {
		spec *models.MLP
		rule graph.Backward
	}{
		"graph: Gate has no kernel for the GPU; take engine.device=cpu":          {network, graph.Backward{Gate: gateOfNone{}}},
		"graph: FilteredError has no kernel for the GPU; take engine.device=cpu": {network, graph.Backward{Filter: filterOfNone{}}},
		"Activate{": {unknown, graph.Backward{}},
		"graph: + false has no kernel for the GPU; take engine.device=cpu": {nil, graph.Backward{}},
	} {
		var model graph.Model = square
		if c.spec != nil {
			var err error
			model, err = c.spec.New(11, 4, 0)
			check(t, err)
		}
		if _, err := graph.CompileTraining(model, device, 5, c.rule); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// A place that is not the model's is an error.
func TestPlaceMustFit(t *testing.T) {
	d := testdevice.Open(t)
	model, err := layered(1, "relu", "mse").New(11, 4, 0)
	check(t, err)
	for want, place := range map[string]graph.DevicePlace{
		"at least 1":             {},
		"a layout of arrays of ": {Networks: 1, Layout: gpu.NewLayout([]int{99, 9, 36})},
		"too large":              {Networks: 1, Layout: gpu.Layout{Size: 1 << 31}},
	} {
		if _, err := graph.Lower(model, d, place, 5, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// counted counts what is allocated and not freed, and fails after a number of
// allocations.
type counted struct {
	gpu.Device
	held, left int
}

func (c *counted) Allocate(bytes int) (gpu.Pointer, error) {
	if c.left--; c.left < 0 {
		return 0, fmt.Errorf("out of memory")
	}
	c.held++
	return c.Device.Allocate(bytes)
}

func (c *counted) Free(p gpu.Pointer) error { c.held--; return c.Device.Free(p) }

// unclosed is a device that an engine leaves open.
type unclosed struct{ gpu.Device }

func (unclosed) Close() error { return nil }

// Nothing is left behind: not by Close, nor where memory runs out on the way.
func TestMemoryIsFreed(t *testing.T) {
	model, err := layered(1, "sigmoid", "mse").New(11, 4, 0)
	check(t, err)
	device := testdevice.Open(t)
	place := placed(t, device, 2, gpu.NewLayout([]int{99, 9, 36, 4}))
	built := false
	for left := 0; !built; left++ {
		if left > 100 {
			t.Fatal("no memory is enough")
		}
		d := &counted{device, 0, left}
		p, err := graph.Lower(model, d, place, 5, true)
		if built = err == nil; built {
			check(t, p.Close())
		}
		if d.held != 0 {
			t.Fatalf("with memory for %d arrays, %d are left (%v)", left, d.held, err)
		}
		d = &counted{device, 0, left}
		restore := gpu.Register(func() (gpu.Device, error) { return unclosed{d}, nil })
		e, err := engine.Spec{Device: "gpu", Threads: 1}.Open()
		check(t, err)
		if q, err := graph.CompileTraining(model, e, 5, graph.Backward{}); err == nil {
			check(t, q.Close())
		}
		held := d.held
		e.Close()
		restore()
		if held != 0 {
			t.Fatalf("with memory for %d arrays, a machine leaves %d", left, held)
		}
	}
}

// placed gives networks room for their parameters.
func placed(t *testing.T, d gpu.Device, networks int, layout gpu.Layout) graph.DevicePlace {
	t.Helper()
	weights, err := gpu.New[float32](d, networks*layout.Size)
	check(t, err)
	gradients, err := gpu.New[float32](d, networks*layout.Size)
	check(t, err)
	return graph.DevicePlace{Networks: networks, Layout: layout, Weights: weights.Pointer, Gradients: gradients.Pointer}
}
