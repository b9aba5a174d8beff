package op

import (
	"ergon/internal/convolve"
)

// CompileIm2Col returns a function that writes the patches of all images x.
func CompileIm2Col(c *Compiler, f convolve.Geometry, patches []float32, x Operand) func() {
	size := f.Positions() * f.Inputs()
	return c.Images(x.Shape[0], size, func(b int) {
		f.Lay(patches[b*size:(b+1)*size], x.Data[b*f.Pixels():(b+1)*f.Pixels()])
	})
}

// ImplicitIm2Col is what the kernels of a convolution see of the images of a batch. Formulas
// that compute on the images themselves need no patches: these are laid out if
// somebody looks at them ([Program.Presynaptic]).
type ImplicitIm2Col struct {
	convolve.Geometry
	Batch        int
	images       []float32 // with the zeros around them
	Pad          func()    // copies the images to where they have zeros around them; nil: they have none
	im2col       func()    // lays out the patches
	materialized bool      // since the last RunAll
}

// NewImplicitIm2Col returns the sight of patches f of the images x.
func NewImplicitIm2Col(c *Compiler, f convolve.Geometry, patches []float32, x Operand) *ImplicitIm2Col {
	s := &ImplicitIm2Col{Geometry: f, Batch: x.Shape[0], images: x.Data, im2col: CompileIm2Col(c, f, patches, x)}
	if f.Padding > 0 {
		s.images = make([]float32, s.Batch*f.Padded().Pixels())
		s.Pad = c.Images(s.Batch, f.Pixels(), func(b int) { f.Move(s.Image(b), x.Data[b*f.Pixels():(b+1)*f.Pixels()], false) })
	}
	return s
}

// Image is that of presentation b, with the zeros around it.
func (s *ImplicitIm2Col) Image(b int) []float32 {
	n := s.Padded().Pixels()
	return s.images[b*n : (b+1)*n]
}

// Reset forgets the patches, as of an earlier run.
func (s *ImplicitIm2Col) Reset() { s.materialized = false }

// Materialize lays out the patches, once a RunAll.
func (s *ImplicitIm2Col) Materialize() {
	if !s.materialized {
		s.im2col()
		s.materialized = true
	}
}
