package op

import (
	"ergon/internal/convolve"
)

// CompileIm2Col returns a function that writes the patches [B·Positions,Inputs] of all
// images x [B,Pixels].
func CompileIm2Col(c *Compiler, g convolve.Geometry, patches []float32, x Operand) func() {
	size := g.Positions() * g.Inputs()
	return c.Images(x.Shape[0], size, func(b int) {
		g.Im2Col(patches[b*size:(b+1)*size], x.Data[b*g.Pixels():(b+1)*g.Pixels()])
	})
}

// ImplicitIm2Col stands for a patch matrix that a run leaves out. Formulas that compute
// on the images themselves take these from here; whoever needs the matrix calls
// [ImplicitIm2Col.Materialize].
type ImplicitIm2Col struct {
	convolve.Geometry
	Batch        int
	Pad          func()    // copies the images to where they have zeros around them; nil: they need none
	images       []float32 // with the zeros around them
	im2col       func()    // lays out the patches
	materialized bool      // since the last Reset
}

// NewImplicitIm2Col stands for the patches of the images x, which it lays out into patches.
func NewImplicitIm2Col(c *Compiler, g convolve.Geometry, patches []float32, x Operand) *ImplicitIm2Col {
	s := &ImplicitIm2Col{Geometry: g, Batch: x.Shape[0], images: x.Data, im2col: CompileIm2Col(c, g, patches, x)}
	if g.Padding > 0 {
		s.images = make([]float32, s.Batch*g.Padded().Pixels())
		s.Pad = c.Images(s.Batch, g.Pixels(), func(b int) { g.Pad(s.Image(b), x.Data[b*g.Pixels():(b+1)*g.Pixels()]) })
	}
	return s
}

// Image returns the image of presentation b, with the zeros around it.
func (s *ImplicitIm2Col) Image(b int) []float32 {
	n := s.Padded().Pixels()
	return s.images[b*n : (b+1)*n]
}

// Reset says that a new run begins: the patches are those of an earlier one.
func (s *ImplicitIm2Col) Reset() { s.materialized = false }

// Materialize lays out the patches of the last run, unless that was done.
func (s *ImplicitIm2Col) Materialize() {
	if !s.materialized {
		s.im2col()
		s.materialized = true
	}
}
