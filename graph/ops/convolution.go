package ops

import (
	"ergon/graph/op"
	"ergon/internal/convolve"
	"ergon/internal/parallel"
)

// Convolutions on the images themselves: the products of [Dense], [WeightGradient] and
// [InputError] with a patch matrix that is not laid out.

// convolve is Compile for inputs that are an implicit patch matrix.
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

// sharedGradient is the gradient dW = Σ patchesᵀ·dz of shared weights. It sums over chunks
// of the batch, which follow from the shapes alone, then adds the chunks' sums in order.
type sharedGradient struct {
	*op.ImplicitIm2Col
	c        *op.Compiler
	dw       []float32
	channels int
	sums     [][]float32 // of the chunks
	chunk    func(chunk int)
	add      func()
}

var _ Lazy = (*sharedGradient)(nil)

// sumChunks returns how many chunks a batch is summed in. A chunk has positions enough to
// take longer than adding its sum to the others.
func sumChunks(s *op.ImplicitIm2Col) int {
	const most, positions = 16, 64
	return min(max(s.Batch*s.Positions()/positions, 1), most, s.Batch)
}

func newSharedGradient(c *op.Compiler, dw []float32, s *op.ImplicitIm2Col, dz op.Operand) *sharedGradient {
	g := &sharedGradient{ImplicitIm2Col: s, c: c, dw: dw, channels: dz.Shape[1]}
	for range sumChunks(s) {
		g.sums = append(g.sums, make([]float32, len(dw)))
	}
	f, size := s.Field(g.channels), s.Positions()*g.channels
	g.chunk = func(chunk int) {
		lo, hi := parallel.Split(s.Batch, len(g.sums), chunk)
		clear(g.sums[chunk])
		for b := lo; b < hi; b++ {
			f.WeightGradient(g.sums[chunk], s.Image(b), dz.Data[b*size:(b+1)*size])
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
	g.c.Pool.Run(len(g.sums), g.chunk)
	g.add()
}

// Part implements Lazy. It computes all of dW and copies the part.
func (g *sharedGradient) Part(pre, post []int32, part []float32) {
	g.Fill()
	g.gather(pre, post, part)
}

// Stream implements Lazy: a single block.
func (g *sharedGradient) Stream(learn Learner) {
	g.Fill()
	learn(0, g.Inputs(), 0, g.channels, g.dw, g.channels)
}

// gather copies rows pre and columns post of dW; nil is all.
func (g *sharedGradient) gather(pre, post []int32, part []float32) {
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

// CompileWithInputError compiles Col2Im of an [InputError] in one: the errors dx of the
// images from the errors dz of the units and the weights w. Errors of patches are not laid
// out. The sums are added in another order. Errors of units are spread, which leaves out
// those that are zero; dense says that hardly any are, and they are gathered.
func (f Col2Im) CompileWithInputError(c *op.Compiler, dx []float32, dz, w op.Operand, dense bool) func() {
	if dense {
		if t, ok := convolve.NewTransposed(f.Geometry, w.Shape[1]); ok {
			return compileTransposed(c, t, dx, dz, w)
		}
	}
	channels, batch := w.Shape[1], dz.Shape[0]/f.Positions()
	geometry, transposed := f.Field(channels), make([]float32, len(w.Data))
	size, pixels, padded := f.Positions()*channels, f.Pixels(), f.Padded().Pixels()
	images := dx
	if f.Padding > 0 {
		images = make([]float32, batch*padded)
	}
	send := c.Images(batch, f.Positions()*f.Inputs(), func(b int) {
		image := images[b*padded : (b+1)*padded]
		clear(image)
		geometry.InputError(image, dz.Data[b*size:(b+1)*size], transposed)
		if f.Padding > 0 {
			f.Crop(dx[b*pixels:(b+1)*pixels], image)
		}
	})
	return func() {
		for i, x := range w.Data {
			transposed[i%channels*f.Inputs()+i/channels] = x
		}
		send()
	}
}

// compileTransposed compiles the errors of images as a convolution of those of units.
func compileTransposed(c *op.Compiler, t *convolve.Transposed, dx []float32, dz, w op.Operand) func() {
	batch, size, pixels := dz.Shape[0]/t.Positions(), t.Positions()*w.Shape[1], t.Pixels()
	errors, zeros := make([]float32, batch*t.Errors()), make([]float32, t.Depth)
	send := c.Images(batch, t.Positions()*t.Inputs(), func(b int) {
		t.InputError(dx[b*pixels:(b+1)*pixels], dz.Data[b*size:(b+1)*size], errors[b*t.Errors():(b+1)*t.Errors()], zeros)
	})
	return func() {
		t.SetWeights(w.Data)
		send()
	}
}
