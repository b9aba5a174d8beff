package graph_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/graph/activation"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/graph/op"
	"ergon/internal/gpu/testdevice"
	"ergon/internal/schema/schematest"
)

// Networks side by side on a device do what each does by itself on the cpu
// engine, up to the rounding of sums: for every activation and loss, and their settings,
// one layer to three, one presentation and many.
func TestDeviceProgramEqualsCPU(t *testing.T) {
	d, cpu := testdevice.Open(t), openCPU(t)
	for _, pair := range graphtest.Pairs(t) {
		for depth, batch := range []int{5, 1, 35} {
			spec := layered(depth, "linear", "mse")
			spec.Activation, spec.Output, spec.Loss = pair.Activation, pair.Activation, pair.Loss
			t.Run(fmt.Sprint(pair.Name, "/", batch), func(t *testing.T) {
				newTestbed(t, d, cpu, spec, 11, pair.Outputs, batch).compare(t)
			})
		}
	}
}

// The shapes that kernels and sums are cut by: widths and batches beyond a
// team, a block's columns, a block; and the other ways to write a network.
func TestDeviceProgramsOfOtherKinds(t *testing.T) {
	d, cpu := testdevice.Open(t), openCPU(t)
	unit := layered(2, "leaky_relu", "mse")
	unit.Bias = "unit"
	bare := layered(1, "tanh", "softmax_xent")
	bare.Bias = "false"
	feedback := layered(1, "sigmoid", "mse")
	feedback.Output, feedback.Feedback = activation.Sigmoid{}, "error"
	feedbackOfOutput := layered(1, "relu", "mse")
	feedbackOfOutput.Output, feedbackOfOutput.Feedback = activation.Softplus{}, "error"
	single := layered(0, "relu", "perceptron")
	wide := layered(1, "relu", "softmax_xent")
	wide.Hidden[0] = 70
	for name, c := range map[string]struct {
		spec           *models.MLP
		outputs, batch int
	}{
		"unit":               {unit, 4, 32},
		"unit, one":          {unit, 4, 1},
		"no bias":            {bare, 4, 5},
		"feedback":           {feedback, 4, 5},
		"feedback of output": {feedbackOfOutput, 4, 5},
		"perceptron":         {single, 1, 1},
		"wide":               {wide, 37, 33},
		"large batch":        {wide, 3, 300},
	} {
		t.Run(name, func(t *testing.T) { newTestbed(t, d, cpu, c.spec, 11, c.outputs, c.batch).compare(t) })
	}
}

// compare runs a testbed and compares losses, activities, errors, gradients.
func (b *testbed) compare(t *testing.T) {
	t.Helper()
	b.run(t)
	near := func(what string, got, want []float32) {
		t.Helper()
		largest := 0.0
		for _, v := range want {
			largest = max(largest, math.Abs(float64(v)))
		}
		for i, v := range want {
			// Float32 sums of up to 300 terms, in another order, through three
			// layers: some 10 roundings of 2^-24 at the size of the largest.
			if difference := math.Abs(float64(got[i] - v)); !(difference <= 1e-6*largest+3e-6*math.Abs(float64(v))) {
				t.Errorf("%s: number %d is %v, on the CPU %v (largest %v)", what, i, got[i], v, largest)
				return
			}
		}
	}
	layout := b.place.Layout
	for s, p := range b.onCPU {
		of := func(what string, l int) string { return fmt.Sprintf("network %d, %s %d", s, what, l) }
		near(of("loss", 0), b.read(t, b.program.Loss(), s, 1), op.Float32s(p.Loss.Value()))
		for l := range p.Layers() {
			x, y, dz := p.Presynaptic(l), p.Postsynaptic(l), p.Error(l)
			near(of("input of layer", l), b.read(t, b.program.Presynaptic(l), s*len(x), len(x)), x)
			near(of("activity of layer", l), b.read(t, b.program.Postsynaptic(l), s*len(y), len(y)), y)
			near(of("error of layer", l), b.read(t, b.program.Error(l), s*len(dz), len(dz)), dz)
		}
		for a, parameter := range p.Parameters() {
			value, err := parameter.Grad()
			check(t, err)
			near(of("gradient", a), b.read(t, b.place.Gradients, s*layout.Size+layout.Offsets[a], layout.Sizes[a]), op.Float32s(value))
		}
	}
	b.free(t)
}

// Recorded and replayed, a program does the same to the bit.
func TestCaptureEqualsDirect(t *testing.T) {
	d := testdevice.Open(t)
	b := newTestbed(t, d, openCPU(t), layered(2, "tanh", "softmax_xent"), 11, 4, 5)
	n := sideBySide * b.place.Layout.Size
	b.run(t)
	direct := b.read(t, b.place.Gradients, 0, n)
	check(t, d.Zero(b.place.Gradients, 4*n))
	recorded, err := d.Capture(b.program.Queue)
	check(t, err)
	if got := b.read(t, b.place.Gradients, 0, n); slices.Equal(got, direct) {
		t.Error("capturing has computed gradients")
	}
	check(t, recorded.Launch())
	if got := b.read(t, b.place.Gradients, 0, n); !slices.Equal(got, direct) {
		t.Error("replayed gradients differ from the direct ones")
	}
}

// A diverged network shows it: a NaN or an infinity in a logit is in its loss,
// and not in another's.
func TestDivergenceShows(t *testing.T) {
	d, cpu := testdevice.Open(t), openCPU(t)
	for _, cost := range schematest.Variants(t, loss.Kinds) {
		t.Run(cost.Name, func(t *testing.T) {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				spec := layered(1, "relu", "mse")
				spec.Loss = cost.Value
				b := newTestbed(t, d, cpu, spec, 11, graphtest.Outputs(t, cost.Value), 5)
				b.write(t, b.program.X().Plus(len(b.onCPU[0].X)), []float32{float32(bad)}) // of network 1
				check(t, b.program.Queue())
				for s, v := range b.read(t, b.program.Loss(), 0, sideBySide) {
					if finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0); finite != (s != 1) {
						t.Errorf("input %v: loss of network %d is %v", bad, s, v)
					}
				}
				b.free(t)
			}
		})
	}
}
