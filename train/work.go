package train

import (
	"fmt"
	"slices"

	"ergon/graph"
	"ergon/internal/parallel"
)

// Work is what the motion of the synapses dissipated, W = ∫ Σ -ẇ ∂F/∂w dt (Eq.
// 15 of Tkachenko 2025), as Σ -Δw·g over steps: g is the gradient of a step's
// batch, at the weights before it, and Δw what was really added to each weight,
// after masks and clip. Δw without noise is -η g where a synapse may change, so
// that plain descent dissipates η|g|². Thermal noise is part of Δw; its share is
// zero on average, with a relative standard error of √(2kT/W).
type Work struct {
	Dissipated *float64 `json:"dissipated"` // in units of the loss, of a quasistatic network H/kappa_output; null if not finite
	TauRatio   int      `json:"tau_ratio"`  // τ_train/τ_inf if each batch stays for one relaxation time: the steps whose gate was not shut
}

// work adds up the work of a run. nil does nothing.
type work struct {
	arrays     [][]float32 // weights and biases, the model's own
	before     [][]float32 // those before the step
	parts      []workPart
	pool       *parallel.Pool
	gradients  [][]float32 // of the step
	body       func(part int)
	dissipated float64
	steps      int
}

// workPart is a stretch lo … hi-1 of an array, with its work in the step. Its
// size does not depend on cores, and so neither does the sum.
type workPart struct {
	array, lo, hi int
	sum           float64
}

const workGrain = 1 << 15 // synapses of a part: enough to be worth a goroutine's wake-up

// newWork measures what moves weights and biases, the model's own, array by array.
func newWork(weights [][]float32, pool *parallel.Pool) *work {
	w := &work{arrays: weights, pool: pool, gradients: make([][]float32, len(weights))}
	for a, array := range w.arrays {
		w.before = append(w.before, slices.Clone(array))
		for lo := 0; lo < len(array); lo += workGrain {
			w.parts = append(w.parts, workPart{array: a, lo: lo, hi: min(lo+workGrain, len(array))})
		}
	}
	w.body = w.part
	return w
}

// begin takes note of the weights before a step.
func (w *work) begin() {
	if w == nil {
		return
	}
	for a, array := range w.arrays {
		copy(w.before[a], array)
	}
}

// end adds the work of the step that p was run for.
func (w *work) end(p *graph.Program) error {
	if w == nil {
		return nil
	}
	for a, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		if err != nil {
			return fmt.Errorf("work of array %d: %w", a, err)
		}
		w.gradients[a] = g.Data().([]float32)
	}
	w.pool.Run(len(w.parts), w.body)
	for _, part := range w.parts {
		w.dissipated += part.sum
	}
	w.steps++
	return nil
}

// part computes the work of one part.
func (w *work) part(i int) {
	p := &w.parts[i]
	p.sum = descent(w.before[p.array][p.lo:p.hi], w.arrays[p.array][p.lo:p.hi], w.gradients[p.array][p.lo:p.hi])
}

// descent returns Σ (before - after)·g, in four sums that hide the latency of
// an addition.
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

// report returns the work up to now.
func (w *work) report() *Work {
	if w == nil {
		return nil
	}
	return &Work{ifFinite(w.dissipated), w.steps}
}
