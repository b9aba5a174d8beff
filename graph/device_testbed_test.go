package graph_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/engine"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/gpu"
	"ergon/internal/philox"
)

// sideBySide is how many networks the tests run next to each other.
const sideBySide = 3

// testbed is several networks on a device, and each of them on the cpu engine.
type testbed struct {
	device  gpu.Device
	place   graph.DevicePlace
	program *graph.DeviceProgram
	onCPU   []*graph.Program
	close   []func() error
}

// newTestbed builds networks of different weights, each with a batch of its own.
func newTestbed(t *testing.T, d gpu.Device, e engine.Engine, spec *models.MLP, inputs, outputs, batch int) *testbed {
	t.Helper()
	b := &testbed{device: d, place: graph.DevicePlace{Networks: sideBySide}}
	var built []graph.Model
	for s := range sideBySide {
		model, err := spec.New(inputs, outputs, uint64(s))
		check(t, err)
		for l, layer := range model.Layers() {
			normal(layer.B, 0.3, fmt.Sprintf("b/%d/%d", s, l))
		}
		p, err := graph.CompileTraining(model, e, batch, graph.Backward{})
		check(t, err)
		built, b.onCPU = append(built, model), append(b.onCPU, p)
	}
	b.upload(t, built)
	var err error
	b.program, err = graph.Lower(built[0], d, b.place, batch, true)
	if missing := new(device.NoKernelError); errors.As(err, &missing) {
		b.freeParameters(t)
		t.Skip(err)
	}
	check(t, err)
	for s := range sideBySide {
		b.feed(t, s, inputs, outputs, spec.Loss)
	}
	return b
}

// upload gives the parameters and gradients their place.
func (b *testbed) upload(t *testing.T, models []graph.Model) {
	t.Helper()
	var sizes []int
	for _, a := range arraysOf(models[0]) {
		sizes = append(sizes, len(a))
	}
	b.place.Layout = gpu.NewLayout(sizes)
	size := b.place.Layout.Size
	flat := make([]float32, sideBySide*size)
	for s, model := range models {
		b.place.Layout.Pack(flat[s*size:], arraysOf(model))
	}
	weights, err := gpu.NewFrom(b.device, flat)
	check(t, err)
	gradients, err := gpu.New[float32](b.device, len(flat))
	check(t, err)
	b.place.Weights, b.place.Gradients = weights.Pointer, gradients.Pointer
	b.close = append(b.close, weights.Free, gradients.Free)
}

// arraysOf returns a model's arrays in the order of a layout.
func arraysOf(m graph.Model) (arrays [][]float32) {
	for _, layer := range m.Layers() {
		arrays = append(arrays, layer.W)
		if layer.B != nil {
			arrays = append(arrays, layer.B)
		}
	}
	return arrays
}

// feed gives network s a batch. Of X it fills the data's columns only.
func (b *testbed) feed(t *testing.T, s, inputs, outputs int, l loss.Loss) {
	t.Helper()
	p := b.onCPU[s]
	width, off := len(p.X)/p.Batch, float32(0)
	if _, ok := l.(loss.Perceptron); ok {
		off = -1 // which has targets ±1
	}
	x, at := b.read(t, b.program.X(), s*len(p.X), len(p.X)), b.program.X().Plus(s*len(p.X))
	for row := range p.Batch {
		normal(x[row*width:][:inputs], 1, fmt.Sprintf("x/%d/%d", s, row))
		for o := range outputs {
			p.Target[row*outputs+o] = off
		}
		p.Target[row*outputs+(row+s)%outputs] = 1
		if outputs == 1 && (row+s)%2 == 1 {
			p.Target[row] = -1
		}
	}
	for row := range p.Batch {
		copy(p.X[row*width:][:inputs], x[row*width:][:inputs])
	}
	b.write(t, at, x)
	b.write(t, b.program.Target().Plus(s*len(p.Target)), p.Target)
}

// run runs all networks, on the device and on the CPU.
func (b *testbed) run(t *testing.T) {
	t.Helper()
	check(t, b.program.Queue())
	for _, p := range b.onCPU {
		check(t, p.Run())
	}
}

// free closes everything.
func (b *testbed) free(t *testing.T) {
	t.Helper()
	check(t, b.program.Close())
	b.freeParameters(t)
}

func (b *testbed) freeParameters(t *testing.T) {
	t.Helper()
	for _, free := range b.close {
		check(t, free())
	}
}

// read downloads n numbers from number i of an array on.
func (b *testbed) read(t *testing.T, p gpu.Pointer, i, n int) []float32 {
	t.Helper()
	raw, values := make([]byte, 4*n), make([]float32, n)
	check(t, b.device.Download(raw, p.Plus(i)))
	for i := range values {
		values[i] = math.Float32frombits(binary.NativeEndian.Uint32(raw[4*i:]))
	}
	return values
}

func (b *testbed) write(t *testing.T, p gpu.Pointer, values []float32) {
	t.Helper()
	var raw []byte
	for _, v := range values {
		raw = binary.NativeEndian.AppendUint32(raw, math.Float32bits(v))
	}
	check(t, b.device.Upload(p, raw))
}

func normal(x []float32, deviation float64, stream string) {
	s := philox.New(7, stream)
	for i := range x {
		x[i] = float32(deviation * s.Normal(0, uint64(i)))
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// layered is a network of some hidden layers.
func layered(hidden int, response, cost string) *models.MLP {
	m := &models.MLP{Hidden: slices.Clone([]int{9, 6}[:hidden]), Output: activation.Linear{}, Bias: "true", Feedback: "gradient", Init: &models.Normal{Std: 0.5}}
	m.Activation, _ = activation.Kinds.New(response)
	m.Loss, _ = loss.Kinds.New(cost)
	return m
}

func openCPU(t *testing.T) engine.Engine {
	t.Helper()
	e, err := engine.Spec{BLAS: "gonum", Threads: 1}.Open()
	check(t, err)
	t.Cleanup(e.Close)
	return e
}
