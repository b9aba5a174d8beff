package graph

import (
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"

	"ergon/internal/convolve"
)

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
	s := &sight{field: f, batch: x.shape[0], images: x.data, lay: f.layAll(c, patches, x)}
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

// look lays out the patches, once a RunAll.
func (s *sight) look() {
	if !s.laid {
		s.lay()
		s.laid = true
	}
}

// padded is the field whose images have the zeros around them.
func (f field) padded() field {
	f.height, f.width, f.padding = f.height+2*f.padding, f.width+2*f.padding, 0
	return f
}

// move copies an image into the middle of one with zeros around it, or back.
func (f field) move(padded, image []float32, back bool) {
	p, line := f.padded(), f.width*f.depth
	for plane := range f.planes {
		for y := range f.height {
			at := ((plane*p.height+y+f.padding)*p.width + f.padding) * f.depth
			if inside := padded[at : at+line]; back {
				copy(image, inside)
			} else {
				copy(inside, image)
			}
			image = image[line:]
		}
	}
}

// under is the geometry of kernels for so many channels, on images with the zeros around them.
func (f field) under(channels int) *convolve.Field {
	p := f.padded()
	c := &convolve.Field{
		Rows: f.rows(), Columns: f.columns(), Depth: f.depth, Line: p.width * p.depth, Segment: f.side * f.depth, Channels: channels,
	}
	for plane := range f.planes {
		for y := range f.side {
			c.Starts = append(c.Starts, (plane*p.height+y)*c.Line)
		}
	}
	return c
}

// isSeen says that a node is patches at several positions that are looked at by
// nothing but formulas that compute on the images.
func isSeen(g *G.ExprGraph, n *G.Node) bool {
	if f, ok := formulaOf(n).(patches); !ok || f.positions() == 1 {
		return false
	}
	return allNodes(g.To(n.ID()), func(n *G.Node) bool {
		_, forward := formulaOf(n).(*dense)
		return forward || isDeferrable(g, n)
	})
}

// isSentBack says that a node is the errors of patches, which nothing needs but the
// errors of the images.
func isSentBack(g *G.ExprGraph, n *G.Node) bool {
	if _, ok := formulaOf(n).(inputError); !ok {
		return false
	}
	return g.To(n.ID()).Len() > 0 && allNodes(g.To(n.ID()), func(n *G.Node) bool {
		f, ok := formulaOf(n).(patchesError)
		return ok && f.positions() > 1
	})
}

func allNodes(nodes graph.Nodes, is func(n *G.Node) bool) bool {
	for nodes.Next() {
		if !is(nodes.Node().(*G.Node)) {
			return false
		}
	}
	return true
}
