package graph

import (
	"sync"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
	"ergon/internal/convolve"
)

// ActivePatches counts the inputs of a kernel that are not zero, at each position of
// presentations lo … hi-1, into active [(hi-lo)·Rows]. It reads the images, not the
// patches, which hold each number many times. It reports false, and writes nothing,
// where layer l is no convolution.
func (p *Program) ActivePatches(l, lo, hi int, active []int32) bool {
	if l >= len(p.images) || p.images[l].node == nil {
		return false
	}
	g := p.images[l].geometry
	images := op.Float32s(p.images[l].node.Value())
	s := scratch.Get().(*[]int32)
	defer scratch.Put(s)
	for b := lo; b < hi; b++ {
		n := g.Positions()
		*s = g.Active(images[b*g.Pixels():(b+1)*g.Pixels()], active[:n], *s)
		active = active[n:]
	}
	return true
}

// scratch is memory of Geometry.Active, shared by the goroutines that count.
var scratch = sync.Pool{New: func() any { return new([]int32) }}

// images are those that the kernels of a layer move over; node is nil where it has none.
type images struct {
	geometry convolve.Geometry
	node     *G.Node
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
