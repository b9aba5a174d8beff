package graph

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"ergon/internal/parallel"
)

// Loops that are cut into parts compute their definition, and the same bits on any
// number of cores.
func TestParts(t *testing.T) {
	const B, O = 5000, 11 // more than a part of any
	y, x, scalar := tensor.Shape{B, O}, tensor.Shape{B, O}, tensor.ScalarShape()
	for _, f := range []formula{
		crossEntropy{}, squaredError{}, wrongSide{},
		crossEntropyGradient{}, squaredErrorGradient{}, wrongSideGradient{},
		biasGradient{}, activationError{ReLU{}}, activationError{Tanh{}}, activate{Sigmoid{}, nil},
	} {
		ranks, _ := f.ranks()
		shapes := []tensor.Shape{y, x, scalar}[:len(ranks)]
		checkParts(t, f, shapes)
	}
	checkParts(t, biasGradient{}, []tensor.Shape{{400, 700}})
}

func checkParts(t *testing.T, f formula, shapes []tensor.Shape) {
	t.Helper()
	s := rand.New(rand.NewPCG(1, 0))
	var operands []operand
	var arrays []array
	for _, shape := range shapes {
		in := operand{data: make([]float32, max(shape.TotalSize(), 1)), shape: shape}
		wide := array{make([]float64, len(in.data)), shape}
		for i := range in.data {
			in.data[i] = float32(s.NormFloat64())
			wide.data[i] = float64(in.data[i])
		}
		operands, arrays = append(operands, in), append(arrays, wide)
	}
	shape, err := f.shape(shapes)
	if err != nil {
		t.Fatal(err)
	}
	n := max(shape.TotalSize(), 1)
	want := make([]float64, n)
	f.evaluate(want, arrays)
	tolerance := 0.0 // of float32 sums, too
	for _, w := range want {
		tolerance = max(tolerance, 1e-5*math.Abs(w))
	}
	var first []float32
	for _, workers := range []int{1, 3} {
		pool := parallel.New(workers)
		defer pool.Close()
		got := slices.Repeat([]float32{-77}, n)
		f.compile(&compiler{pool: pool}, got, operands)()
		for i, w := range want {
			if d := math.Abs(float64(got[i]) - w); !(d <= tolerance) {
				t.Fatalf("%v, %d workers: [%d] = %v, want %v", f, workers, i, got[i], w)
			}
		}
		if first == nil {
			first = got
		}
		if fmt.Sprint(got) != fmt.Sprint(first) {
			t.Errorf("%v: %d workers give other numbers than one", f, workers)
		}
	}
}

// Logits that are infinite or no numbers have no loss, and no gradient in their row.
func TestSoftmaxOfDivergedLogits(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, wild := range []float32{inf, -inf, float32(math.NaN())} {
		y := operand{data: []float32{wild, wild, wild, 0, 1, 2}, shape: tensor.Shape{2, 3}}
		s := newSoftmax(y)
		s.compute(0, 2)
		if !math.IsNaN(s.logSum(0)) || !math.IsNaN(s.exps[1]) {
			t.Errorf("of %v: ln Σ e^y = %v, exponentials %v, want NaN", wild, s.logSum(0), s.exps[:3])
		}
		if want := logSumExp([]float64{0, 1, 2}); math.Abs(s.logSum(1)-want) > 1e-15 {
			t.Errorf("beside %v: ln Σ e^y = %v, want %v", wild, s.logSum(1), want)
		}
	}
}
