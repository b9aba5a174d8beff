package graph

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// wanted is the units whose errors a rule will look at, of a layer that is sent
// errors. The layer below a neuron that cannot change does not need its error if it
// does not change itself, nor do layers below the lowest that learns.
type wanted struct {
	limited bool
	units   []int32 // ascending
}

// Want limits the errors that the next Runs compute for the units of layer l to
// those of units, ascending; nil is all. The errors of the others are then no
// numbers to learn from: they are f' where any error reaches the layer's synapses, so
// that those which are not zero can still be counted; an error that is zero by
// cancellation, one in 10⁸, or by underflow counts. Engines other than cpu compute all, as does a
// layer whose errors come from something else than synapses, or one with a unit whose
// synapses to the layer above are all zero, as weights that begin at zero are.
func (p *Program) Want(l int, units []int32) {
	if w := p.wanted[l]; w != nil {
		w.limited, w.units = units != nil, units
	}
}

// findWanted returns for each layer what it is sent its errors by, or nil.
func (d *derivation) findWanted() (all []*wanted) {
	for _, dz := range d.errors {
		all = append(all, d.wantedOf(dz))
	}
	return all
}

// wantedOf follows an error dz up to the synapses that send it.
func (d *derivation) wantedOf(dz *G.Node) *wanted {
	for dz != nil {
		switch f := formulaOf(dz).(type) {
		case inputError:
			return f.wanted
		case activationError:
			dz = childrenOf(d.Graph, dz)[0]
		default:
			return nil
		}
	}
	return nil
}

// fewErrors computes the errors of some units: dx[:,C] = dz·W[C,:]ᵀ, for a single
// presentation to the bits of [compiler.singleError].
type fewErrors struct {
	*wanted
	c       *compiler
	dx      []float32
	dz, w   operand
	weights []float32 // W[C,:]
	few     []float32 // dx[:,C]
	pieces  int
	parts   int
	copy    func(piece int)
	body    func(part int)
	single  func(piece int)
}

// compile returns a function that computes dx: all of it, or what is wanted.
func (w *wanted) compile(c *compiler, dx []float32, dz, weights operand, all func()) func() {
	f := &fewErrors{wanted: w, c: c, dx: dx, dz: dz, w: weights}
	f.copy, f.body, f.single = f.gather, f.part, f.dots
	return func() {
		if !w.limited || 2*len(w.units) > weights.shape[0] || f.silent() {
			all()
			return
		}
		f.run()
	}
}

// silent says whether any unit sends nothing, whatever the errors above it: of such
// units the error is zero, and must not be counted.
func (f *fewErrors) silent() bool {
	O := f.w.shape[1]
	for row := f.w.data; len(row) > 0; row = row[O:] {
		if reaches(row[:O]) == 0 {
			return true
		}
	}
	return false
}

func (f *fewErrors) run() {
	B, I, O := f.dz.shape[0], f.w.shape[0], f.w.shape[1]
	// As many parts as are worth a goroutine's wake-up, by the shape alone.
	f.pieces = min(max(len(f.units)*O>>13, 1), 16)
	if B == 1 {
		repeat(f.dx, reaches(f.dz.data))
		f.c.pool.Run(f.pieces, f.single)
		return
	}
	if f.weights == nil {
		f.weights, f.few = make([]float32, I/2*O), make([]float32, B*(I/2))
	}
	f.c.pool.Run(f.pieces, f.copy)
	f.parts = min(max(B*(len(f.units)*O+I)>>20, 1), 16, B)
	f.c.pool.Run(f.parts, f.body)
}

// dots computes some errors of a single presentation.
func (f *fewErrors) dots(piece int) {
	O := f.w.shape[1]
	lo, hi := parallel.Split(len(f.units), f.pieces, piece)
	for _, i := range f.units[lo:hi] {
		simd.Dots(f.dx[i:i+1], f.w.data[int(i)*O:int(i+1)*O], f.dz.data)
	}
}

// gather copies the weights of some units.
func (f *fewErrors) gather(piece int) {
	O := f.w.shape[1]
	lo, hi := parallel.Split(len(f.units), f.pieces, piece)
	for k := lo; k < hi; k++ {
		copy(f.weights[k*O:(k+1)*O], f.w.data[int(f.units[k])*O:])
	}
}

// part computes some presentations.
func (f *fewErrors) part(part int) {
	I, O, n := f.w.shape[0], f.w.shape[1], len(f.units)
	lo, hi := parallel.Split(f.dz.shape[0], f.parts, part)
	few := f.few[lo*n : hi*n]
	if n > 0 {
		f.c.library.Gemm(false, true, hi-lo, n, O, f.dz.data[lo*O:], O, f.weights, O, 0, few, n)
	}
	for b := lo; b < hi; b++ {
		row := f.dx[b*I : (b+1)*I]
		repeat(row, reaches(f.dz.data[b*O:(b+1)*O]))
		for k, i := range f.units {
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

func repeat(row []float32, x float32) {
	for i := range row {
		row[i] = x
	}
}
