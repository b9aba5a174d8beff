package engine_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/device"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/philox"
	"ergon/internal/schema/schematest"
)

// Kernels equal the formulas' definitions to the last bit of a float32 or the
// one before it, sums apart: deep into saturation, at the kinks, beyond a team's lanes,
// with infinities and NaN. (The rectifiers of both
// engines make NaN of -Inf, which is divergence, where the definition has 0.)
func TestActivationKernels(t *testing.T) {
	z := []float32{0, 1e-30, -1e-30, 80, -80, 700, -700, float32(math.Inf(1)), float32(math.NaN())}
	for x := -12.0; x < 12; x += 0.17 {
		z = append(z, float32(x))
	}
	for _, variant := range schematest.Variants(t, activation.Kinds) {
		a := variant.Value
		g := G.NewGraph()
		in := matrixOf(g, "z", 1, z)
		y, err := op.Apply(ops.Activate{Activation: a}, in)
		check(t, err)
		v := in
		if a.FromOutput() {
			v = y
		}
		_, err = op.Apply(ops.ActivationError{Activation: a}, in, v) // dy = z
		check(t, err)
		runAndCompare(t, variant.Name, g)
	}
}

func TestLossKernels(t *testing.T) {
	for _, variant := range schematest.Variants(t, loss.Kinds) {
		outputs := 40
		if loss.CheckOutputs(variant.Value, outputs) != nil {
			outputs = graphtest.Outputs(t, variant.Value)
		}
		y := make([]float32, 5*outputs)
		normal(y, 2, "y")
		target := make([]float32, len(y))
		normal(target, 1, "t")
		for i := range outputs {
			y[outputs+i], y[2*outputs+i] = y[outputs+i]-1000, 0 // small, at the kink
		}
		y[outputs/2] = 1000
		for _, last := range []float32{1, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
			y[len(y)-1] = last
			g := G.NewGraph()
			output := matrixOf(g, "y", 5, y)
			value, err := variant.Value.Node(output, matrixOf(g, "t", 5, target))
			check(t, err)
			_, err = graph.Differentiate(&graph.Expression{Graph: g, Loss: value, Arrays: graph.Arrays{W: G.Nodes{output}, B: G.Nodes{nil}}})
			check(t, err)
			runAndCompare(t, fmt.Sprint(variant.Name, ", last output ", last), g)
		}
	}
}

// An activation of an activation, tanh(relu(x·W + b)): the launch that follows
// the product has to leave relu's output for tanh's.
func TestActivationOfActivation(t *testing.T) {
	g := G.NewGraph()
	b := G.NewVector(g, tensor.Float32, G.WithName("b"), G.WithShape(3), G.WithValue(op.Float32Value([]float32{-1, 1, 0.25}, tensor.Shape{3})))
	y, err := ops.Dense{Activation: activation.ReLU{}}.Node(matrixOf(g, "x", 2, []float32{0.5, -0.25}), matrixOf(g, "W", 1, []float32{1, -2, 0.5}), b)
	check(t, err)
	_, err = op.Apply(ops.Activate{Activation: activation.Tanh{}}, y)
	check(t, err)
	runAndCompare(t, "tanh of relu", g)
}

func matrixOf(g *G.ExprGraph, name string, rows int, values []float32) *G.Node {
	shape := tensor.Shape{rows, len(values) / rows}
	return G.NewMatrix(g, tensor.Float32, G.WithName(name), G.WithShape(shape...), G.WithValue(op.Float32Value(values, shape)))
}

// runAndCompare runs a graph on a device and compares every node with what its
// formula makes of the same inputs. A graph without kernels is left out.
func runAndCompare(t *testing.T, name string, g *G.ExprGraph) {
	t.Helper()
	machine, err := graphtest.OnDevice(t).Machine(g)
	if missing := new(device.NoKernelError); errors.As(err, &missing) {
		return
	}
	check(t, err)
	check(t, machine.RunAll())
	for _, n := range g.AllNodes() {
		var in []G.Value
		for children := g.From(n.ID()); children.Next(); {
			in = append(in, children.Node().(*G.Node).Value())
		}
		if in == nil {
			continue
		}
		value, err := n.Op().Do(in...)
		check(t, err)
		got, want := op.Float32s(n.Value()), op.Float32s(value)
		for i := range want {
			if !sameFloat(got[i], want[i]) {
				t.Errorf("%s: %v number %d is %v, by definition %v", name, n.Op(), i, got[i], want[i])
			}
		}
	}
	check(t, machine.Close())
}

// sameFloat allows for one rounding more, and for what double functions of
// values up to 1000 differ by between libraries.
func sameFloat(got, want float32) bool {
	if math.Float32bits(got) == math.Float32bits(want) || got != got && want != want {
		return true
	}
	if want == 0 { // the sign of a zero counts
		return false
	}
	unit := math.Abs(float64(want)) / (1 << 23)
	return math.Abs(float64(got)-float64(want)) <= unit+1e-12
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
