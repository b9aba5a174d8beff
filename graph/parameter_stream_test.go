package graph_test

import (
	"math"
	"sync"
	"testing"

	"ergon/graph"
)

// The blocks that a gradient is handed over in cover it once, and hold what Grad
// computes; it counts as not computed afterwards.
func TestBlocksCoverTheGradient(t *testing.T) {
	for _, batch := range []int{1, 6, 40} {
		p, present := deferring(t, batch, graph.Backward{})
		present(3)
		for array := 0; array < len(p.Parameters()); array += 2 { // of weights
			one := parameterOf(p, array)
			out := one.Value().Shape()[1]
			got, times := make([]float32, one.Value().Shape().TotalSize()), make([]int, one.Value().Shape().TotalSize())
			var mutex sync.Mutex
			err := one.Stream(func(r0, r1, c0, c1 int, dw []float32, stride int) {
				mutex.Lock()
				defer mutex.Unlock()
				for r := r0; r < r1; r++ {
					for c := c0; c < c1; c++ {
						got[r*out+c] = dw[(r-r0)*stride+c-c0]
						times[r*out+c]++
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, ok := one.Factors(); !ok {
				t.Errorf("batch %d, array %d: counts as computed", batch, array)
			}
			for i, want := range gradientOf(t, p, array) {
				if times[i] != 1 || math.Float32bits(got[i]) != math.Float32bits(want) {
					t.Fatalf("batch %d, array %d: element %d came %d times, as %v, want %v", batch, array, i, times[i], got[i], want)
				}
			}
		}
	}
}

// A panic of whoever learns is an error that names the op.
func TestPanicOfALearner(t *testing.T) {
	p, present := deferring(t, 6, graph.Backward{})
	present(1)
	one := parameterOf(p, 0)
	if err := one.Stream(func(_, _, _, _ int, _ []float32, _ int) { panic("no") }); err == nil {
		t.Error("no error")
	}
	after := gradientOf(t, p, 0) // nobody learns any longer
	other, present := deferring(t, 6, graph.Backward{})
	present(1)
	for i, want := range gradientOf(t, other, 0) {
		if after[i] != want {
			t.Fatalf("element %d of the gradient is %v after a panic, want %v", i, after[i], want)
		}
	}
}
