package ops

import (
	"slices"

	"ergon/graph/op"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// LiveUnits are the units of a layer whose errors a rule will use, as a compiler's live
// variables. If neurons of a layer cannot change, the errors of the others suffice; below
// the lowest layer that learns, no error is needed.
type LiveUnits struct {
	Limited bool    // false: all units are live
	Units   []int32 // ascending
}

// partialErrors computes the errors of the live units C alone: dx[:,C] = dz·W[C,:]ᵀ. For
// a single presentation they have the bits of [op.Compiler.GEMVT].
type partialErrors struct {
	*LiveUnits
	c       *op.Compiler
	dx      []float32 // [B,I]
	dz, w   op.Operand
	weights []float32 // W[C,:], gathered
	live    []float32 // dx[:,C]

	unitChunks, batchChunks              int // of the run in progress
	gatherChunk, batchChunk, singleChunk func(chunk int)
}

// compile returns a function that computes dx: all of it, or the live part and then what
// finish does with it. A part is faster for up to half of the units.
func (w *LiveUnits) compile(c *op.Compiler, dx []float32, dz, weights op.Operand, all, finish func()) func() {
	f := &partialErrors{LiveUnits: w, c: c, dx: dx, dz: dz, w: weights}
	f.gatherChunk, f.batchChunk, f.singleChunk = f.gather, f.multiply, f.dots
	return func() {
		if !w.Limited || 2*len(w.Units) > weights.Shape[0] || f.hasSilentUnit() {
			all()
			return
		}
		f.run()
		finish()
	}
}

// hasSilentUnit says whether all outgoing synapses of some unit are zero. Its error is
// zero whatever the errors above it, and the marker of skipped errors would be wrong.
func (f *partialErrors) hasSilentUnit() bool {
	O := f.w.Shape[1]
	for row := f.w.Data; len(row) > 0; row = row[O:] {
		if nonzero(row[:O]) == 0 {
			return true
		}
	}
	return false
}

// run computes the live errors, and marks the others.
func (f *partialErrors) run() {
	B, I, O := f.dz.Shape[0], f.w.Shape[0], f.w.Shape[1]
	// Chunks worth waking a goroutine up for. They follow from the shape alone.
	f.unitChunks = min(max(len(f.Units)*O>>13, 1), 16)
	if B == 1 {
		fill(f.dx, nonzero(f.dz.Data))
		f.c.Pool.Run(f.unitChunks, f.singleChunk)
		return
	}
	if f.weights == nil {
		f.weights, f.live = make([]float32, I/2*O), make([]float32, B*(I/2))
	}
	f.c.Pool.Run(f.unitChunks, f.gatherChunk)
	f.batchChunks = min(max(B*(len(f.Units)*O+I)>>20, 1), 16, B)
	f.c.Pool.Run(f.batchChunks, f.batchChunk)
}

// dots computes a chunk of the live errors of a single presentation.
func (f *partialErrors) dots(chunk int) {
	O := f.w.Shape[1]
	lo, hi := parallel.Split(len(f.Units), f.unitChunks, chunk)
	for _, i := range f.Units[lo:hi] {
		simd.Dots(f.dx[i:i+1], f.w.Data[int(i)*O:int(i+1)*O], f.dz.Data)
	}
}

// gather copies the weights of a chunk of the live units.
func (f *partialErrors) gather(chunk int) {
	O := f.w.Shape[1]
	lo, hi := parallel.Split(len(f.Units), f.unitChunks, chunk)
	for k := lo; k < hi; k++ {
		copy(f.weights[k*O:(k+1)*O], f.w.Data[int(f.Units[k])*O:])
	}
}

// multiply computes the errors of a chunk of the batch.
func (f *partialErrors) multiply(chunk int) {
	I, O, n := f.w.Shape[0], f.w.Shape[1], len(f.Units)
	lo, hi := parallel.Split(f.dz.Shape[0], f.batchChunks, chunk)
	live := f.live[lo*n : hi*n]
	if n > 0 {
		f.c.Library.Gemm(false, true, hi-lo, n, O, f.dz.Data[lo*O:], O, f.weights, O, 0, live, n)
	}
	for b := lo; b < hi; b++ {
		row := f.dx[b*I : (b+1)*I]
		fill(row, nonzero(f.dz.Data[b*O:(b+1)*O]))
		for k, i := range f.Units {
			row[i] = live[(b-lo)*n+k]
		}
	}
}

// nonzero is 1 if any of x is not zero, else 0.
func nonzero(x []float32) float32 {
	if slices.ContainsFunc(x, func(e float32) bool { return e != 0 }) {
		return 1
	}
	return 0
}

func fill(row []float32, x float32) {
	for i := range row {
		row[i] = x
	}
}
