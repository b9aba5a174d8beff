package measure

import (
	"fmt"
	"slices"

	"ergon/graph"
	"ergon/internal/finite"
	"ergon/internal/parallel"
	"ergon/train/rundir"
)

// Work adds up what the motion of the synapses dissipates, as rundir.Work says, over
// the steps of a run. nil does nothing.
type Work struct {
	arrays     [][]float32 // weights and biases, the model's own
	before     [][]float32 // the same before the step
	chunks     []workChunk
	pool       *parallel.Pool
	gradients  [][]float32 // of the step
	body       func(i int)
	dissipated float64
	steps      int
}

// workChunk is a chunk lo … hi-1 of an array, with its work in the step. Chunks do not
// depend on the number of cores, so that the sum does not either.
type workChunk struct {
	array, lo, hi int
	sum           float64
}

const workChunkSize = 1 << 15 // synapses: enough to be worth a goroutine's wake-up

// NewWork measures the work of weights and biases, the model's own, array by array. The
// workers of pool share it.
func NewWork(weights [][]float32, pool *parallel.Pool) *Work {
	w := &Work{arrays: weights, pool: pool, gradients: make([][]float32, len(weights))}
	for a, array := range w.arrays {
		w.before = append(w.before, slices.Clone(array))
		for lo := 0; lo < len(array); lo += workChunkSize {
			w.chunks = append(w.chunks, workChunk{array: a, lo: lo, hi: min(lo+workChunkSize, len(array))})
		}
	}
	w.body = w.chunk
	return w
}

// Begin copies the weights before a step.
func (w *Work) Begin() {
	if w == nil {
		return
	}
	for a, array := range w.arrays {
		copy(w.before[a], array)
	}
}

// End adds the work of the step that p was run for.
func (w *Work) End(p *graph.Program) error {
	if w == nil {
		return nil
	}
	for a, parameter := range p.Parameters() {
		gradient, err := gradientOf(parameter)
		if err != nil {
			return fmt.Errorf("work of array %d: %w", a, err)
		}
		w.gradients[a] = gradient
	}
	w.pool.Run(len(w.chunks), w.body)
	for _, c := range w.chunks {
		w.dissipated += c.sum
	}
	w.steps++
	return nil
}

// chunk computes the work of the i-th chunk.
func (w *Work) chunk(i int) {
	c := &w.chunks[i]
	c.sum = descent(w.before[c.array][c.lo:c.hi], w.arrays[c.array][c.lo:c.hi], w.gradients[c.array][c.lo:c.hi])
}

// descent returns Σ (before - after)·g. Four sums hide the latency of an addition.
func descent(before, after, g []float32) float64 {
	var sums [4]float64
	n := len(before)
	after, g = after[:n], g[:n]
	for k := 0; k+4 <= n; k += 4 {
		b, a, f := (*[4]float32)(before[k:]), (*[4]float32)(after[k:]), (*[4]float32)(g[k:])
		for lane := range sums {
			sums[lane] += (float64(b[lane]) - float64(a[lane])) * float64(f[lane])
		}
	}
	for k := n &^ 3; k < n; k++ {
		sums[0] += (float64(before[k]) - float64(after[k])) * float64(g[k])
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

// Report returns the work up to now.
func (w *Work) Report() *rundir.Work {
	if w == nil {
		return nil
	}
	return &rundir.Work{Dissipated: finite.OrNil(w.dissipated), TauRatio: w.steps}
}
