package graph

// sight is what the kernels of a convolution see of the images of a batch. Formulas
// that compute on the images themselves need no patches: these are laid out if
// somebody looks at them ([Program.Presynaptic]).
type sight struct {
	field
	batch    int
	images   []float32 // with the zeros around them
	surround func()    // copies the images to where they have zeros around them; nil: they have none
	lay      func()    // lays out the patches
	laid     bool      // since the last RunAll
}

// newSight returns the sight of patches f of the images x.
func newSight(c *compiler, f field, patches []float32, x operand) *sight {
	s := &sight{field: f, batch: x.shape[0], images: x.data, lay: layAll(c, f, patches, x)}
	if f.padding > 0 {
		s.images = make([]float32, s.batch*f.padded().pixels())
		s.surround = c.images(s.batch, f.pixels(), func(b int) { f.move(s.image(b), x.data[b*f.pixels():(b+1)*f.pixels()], false) })
	}
	return s
}

// image is that of presentation b, with the zeros around it.
func (s *sight) image(b int) []float32 {
	n := s.padded().pixels()
	return s.images[b*n : (b+1)*n]
}

// reset forgets the patches, as of an earlier run.
func (s *sight) reset() { s.laid = false }

// look lays out the patches, once a RunAll.
func (s *sight) look() {
	if !s.laid {
		s.lay()
		s.laid = true
	}
}
