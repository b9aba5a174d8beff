package graph

import (
	"sync"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/convolve"
)

// ActivePatches writes how many inputs of a kernel are not zero, at each position of
// presentations lo … hi-1, to active [(hi-lo)·Rows]. It looks at the images, of which
// the patches are many copies. It reports false, and writes nothing, where layer l
// is no convolution.
func (p *Program) ActivePatches(l, lo, hi int, active []int32) bool {
	if l >= len(p.images) || p.images[l].node == nil {
		return false
	}
	f := p.images[l].field
	images := op.Float32s(p.images[l].node.Value())
	s := scratch.Get().(*[]int32)
	defer scratch.Put(s)
	for b := lo; b < hi; b++ {
		n := f.Positions()
		*s = f.Active(images[b*f.Pixels():(b+1)*f.Pixels()], active[:n], *s)
		active = active[n:]
	}
	return true
}

var scratch = sync.Pool{New: func() any { return new([]int32) }}

// images is what the kernels of a layer move over; none if node is nil.
type images struct {
	field convolve.Geometry
	node  *G.Node
}

// findImages returns the images of each layer.
func (d *differentiated) findImages() (all []images) {
	for _, n := range d.Inputs {
		var one images
		if f, ok := op.FormulaOf(n).(ops.Im2Col); ok {
			one = images{f.Geometry, op.Children(d.Graph, n)[0]}
		}
		all = append(all, one)
	}
	return all
}
