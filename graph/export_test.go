package graph

import (
	"ergon/graph/op"
	"ergon/internal/convolve"
)

// ImagesOf returns the images that the kernels of layer l move over, and their geometry.
func (p *Program) ImagesOf(l int) (convolve.Geometry, op.Array) {
	one := p.images[l]
	wide := op.Array{Shape: one.node.Shape()}
	for _, v := range op.Float32s(one.node.Value()) {
		wide.Data = append(wide.Data, float64(v))
	}
	return one.geometry, wide
}

// SkipsIm2Col says whether the patches of layer l are laid out only when somebody looks.
func (p *Program) SkipsIm2Col(l int) bool { return p.implicit[l] != nil }
