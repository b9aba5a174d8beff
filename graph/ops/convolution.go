package ops

import (
	"ergon/graph/op"
	"ergon/internal/parallel"
)

// Convolutions on the images themselves: the products of [dense], [weightGradient] and
// [inputError] with patches that are not laid out.

// convolve is compile of what the kernels see.
func (d *Dense) convolve(c *op.Compiler, s *op.ImplicitIm2Col, y, w, bias []float32) func() {
	channels := len(w) / s.Inputs()
	f, size := s.Field(channels), s.Positions()*channels
	if bias == nil {
		bias = make([]float32, channels)
	}
	return c.Images(s.Batch, s.Positions()*s.Inputs(), func(b int) {
		units := y[b*size : (b+1)*size]
		f.Forward(units, s.Image(b), w, bias)
		d.respond(units, 0, size, false)
	})
}

// sharedGradient is dW = Σ patchesᵀ·dz over the images: the sums over parts of the
// batch, which follow from the shapes alone, and their sum.
type sharedGradient struct {
	*op.ImplicitIm2Col
	c        *op.Compiler
	dw       []float32
	channels int
	sums     [][]float32 // of the parts
	part     func(part int)
	add      func()
}

var _ Lazy = (*sharedGradient)(nil)

// sumParts returns in how many parts a batch is summed: of so many positions each that
// they take longer than adding up their sums.
func sumParts(s *op.ImplicitIm2Col) int {
	const most, positions = 16, 64
	return min(max(s.Batch*s.Positions()/positions, 1), most, s.Batch)
}

func newSharedGradient(c *op.Compiler, dw []float32, s *op.ImplicitIm2Col, dz op.Operand) *sharedGradient {
	g := &sharedGradient{ImplicitIm2Col: s, c: c, dw: dw, channels: dz.Shape[1]}
	for range sumParts(s) {
		g.sums = append(g.sums, make([]float32, len(dw)))
	}
	f, size := s.Field(g.channels), s.Positions()*g.channels
	g.part = func(part int) {
		lo, hi := parallel.Split(s.Batch, len(g.sums), part)
		clear(g.sums[part])
		for b := lo; b < hi; b++ {
			f.WeightGradient(g.sums[part], s.Image(b), dz.Data[b*size:(b+1)*size])
		}
	}
	g.add = c.Elementwise(len(dw), func(lo, hi int) {
		copy(dw[lo:hi], g.sums[0][lo:hi])
		for _, sum := range g.sums[1:] {
			for i, x := range sum[lo:hi] {
				dw[lo+i] += x
			}
		}
	})
	return g
}

// Fill implements Lazy.
func (g *sharedGradient) Fill() {
	g.c.Pool.Run(len(g.sums), g.part)
	g.add()
}

// Part implements Lazy. It computes all of dW, of which it copies the part.
func (g *sharedGradient) Part(pre, post []int32, part []float32) {
	g.Fill()
	g.pick(pre, post, part)
}

// Stream implements Lazy: a single block.
func (g *sharedGradient) Stream(learn Learner) {
	g.Fill()
	learn(0, g.Inputs(), 0, g.channels, g.dw, g.channels)
}

// pick copies some rows and columns; nil is all.
func (g *sharedGradient) pick(pre, post []int32, part []float32) {
	rows := len(pre)
	if pre == nil {
		rows = g.Inputs()
	}
	for k := range rows {
		if pre != nil {
			k = int(pre[k])
		}
		row := g.dw[k*g.channels : (k+1)*g.channels]
		if post == nil {
			part = part[copy(part, row):]
			continue
		}
		for i, j := range post {
			part[i] = row[j]
		}
		part = part[len(post):]
	}
}

// CompileWithInputError is compile of the errors of images, given those of the units and the
// weights instead of the errors of the patches.
func (f Col2Im) CompileWithInputError(c *op.Compiler, dx []float32, dz, w op.Operand) func() {
	channels, batch := w.Shape[1], dz.Shape[0]/f.Positions()
	geometry, turned := f.Field(channels), make([]float32, len(w.Data))
	size, pixels, seen := f.Positions()*channels, f.Pixels(), f.Padded().Pixels()
	images := dx
	if f.Padding > 0 {
		images = make([]float32, batch*seen)
	}
	send := c.Images(batch, f.Positions()*f.Inputs(), func(b int) {
		image := images[b*seen : (b+1)*seen]
		clear(image)
		geometry.InputError(image, dz.Data[b*size:(b+1)*size], turned)
		if f.Padding > 0 {
			f.Crop(dx[b*pixels:(b+1)*pixels], image)
		}
	})
	return func() {
		for i, x := range w.Data {
			turned[i%channels*f.Inputs()+i/channels] = x
		}
		send()
	}
}
