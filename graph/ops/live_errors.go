package ops

import (
	"slices"

	"ergon/graph/op"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// LiveUnits is the units whose errors a rule will look at, of a layer that is sent
// errors. The layer below a neuron that cannot change does not need its error if it
// does not change itself, nor do layers below the lowest that learns.
type LiveUnits struct {
	Limited bool
	Units   []int32 // ascending
}

// partialErrors computes the errors of some units: dx[:,C] = dz·W[C,:]ᵀ, for a single
// presentation to the bits of [compiler.singleError].
type partialErrors struct {
	*LiveUnits
	c       *op.Compiler
	dx      []float32
	dz, w   op.Operand
	weights []float32 // W[C,:]
	few     []float32 // dx[:,C]
	pieces  int
	parts   int
	copy    func(piece int)
	body    func(part int)
	single  func(piece int)
}

// compile returns a function that computes dx: all of it, or what is wanted.
func (w *LiveUnits) compile(c *op.Compiler, dx []float32, dz, weights op.Operand, all func()) func() {
	f := &partialErrors{LiveUnits: w, c: c, dx: dx, dz: dz, w: weights}
	f.copy, f.body, f.single = f.gather, f.part, f.dots
	return func() {
		if !w.Limited || 2*len(w.Units) > weights.Shape[0] || f.hasSilentUnit() {
			all()
			return
		}
		f.run()
	}
}

// hasSilentUnit says whether any unit sends nothing, whatever the errors above it: of such
// units the error is zero, and must not be counted.
func (f *partialErrors) hasSilentUnit() bool {
	O := f.w.Shape[1]
	for row := f.w.Data; len(row) > 0; row = row[O:] {
		if reaches(row[:O]) == 0 {
			return true
		}
	}
	return false
}

func (f *partialErrors) run() {
	B, I, O := f.dz.Shape[0], f.w.Shape[0], f.w.Shape[1]
	// As many parts as are worth a goroutine's wake-up, by the shape alone.
	f.pieces = min(max(len(f.Units)*O>>13, 1), 16)
	if B == 1 {
		fill(f.dx, reaches(f.dz.Data))
		f.c.Pool.Run(f.pieces, f.single)
		return
	}
	if f.weights == nil {
		f.weights, f.few = make([]float32, I/2*O), make([]float32, B*(I/2))
	}
	f.c.Pool.Run(f.pieces, f.copy)
	f.parts = min(max(B*(len(f.Units)*O+I)>>20, 1), 16, B)
	f.c.Pool.Run(f.parts, f.body)
}

// dots computes some errors of a single presentation.
func (f *partialErrors) dots(piece int) {
	O := f.w.Shape[1]
	lo, hi := parallel.Split(len(f.Units), f.pieces, piece)
	for _, i := range f.Units[lo:hi] {
		simd.Dots(f.dx[i:i+1], f.w.Data[int(i)*O:int(i+1)*O], f.dz.Data)
	}
}

// gather copies the weights of some units.
func (f *partialErrors) gather(piece int) {
	O := f.w.Shape[1]
	lo, hi := parallel.Split(len(f.Units), f.pieces, piece)
	for k := lo; k < hi; k++ {
		copy(f.weights[k*O:(k+1)*O], f.w.Data[int(f.Units[k])*O:])
	}
}

// part computes some presentations.
func (f *partialErrors) part(part int) {
	I, O, n := f.w.Shape[0], f.w.Shape[1], len(f.Units)
	lo, hi := parallel.Split(f.dz.Shape[0], f.parts, part)
	few := f.few[lo*n : hi*n]
	if n > 0 {
		f.c.Library.Gemm(false, true, hi-lo, n, O, f.dz.Data[lo*O:], O, f.weights, O, 0, few, n)
	}
	for b := lo; b < hi; b++ {
		row := f.dx[b*I : (b+1)*I]
		fill(row, reaches(f.dz.Data[b*O:(b+1)*O]))
		for k, i := range f.Units {
			row[i] = few[(b-lo)*n+k]
		}
	}
}

// reaches is 1 if any of some errors, or weights, is not zero.
func reaches(dz []float32) float32 {
	if slices.ContainsFunc(dz, func(e float32) bool { return e != 0 }) {
		return 1
	}
	return 0
}

func fill(row []float32, x float32) {
	for i := range row {
		row[i] = x
	}
}
