package graph

import (
	"ergon/internal/parallel"
)

// Convolutions on the images themselves: the products of [dense], [weightGradient] and
// [inputError] with patches that are not laid out.

// convolve is compile of what the kernels see.
func (d *dense) convolve(c *compiler, s *sight, y, w, bias []float32) func() {
	channels := len(w) / s.inputs()
	f, size := s.under(channels), s.positions()*channels
	if bias == nil {
		bias = make([]float32, channels)
	}
	return c.images(s.batch, s.positions()*s.inputs(), func(b int) {
		units := y[b*size : (b+1)*size]
		f.Forward(units, s.image(b), w, bias)
		d.respond(units, 0, size, false)
	})
}

// sharedGradient is dW = Σ patchesᵀ·dz over the images: the sums over parts of the
// batch, which follow from the shapes alone, and their sum.
type sharedGradient struct {
	*sight
	c        *compiler
	dw       []float32
	channels int
	sums     [][]float32 // of the parts
	part     func(part int)
	add      func()
}

var _ Lazy = (*sharedGradient)(nil)

// sumParts returns in how many parts a batch is summed: of so many positions each that
// they take longer than adding up their sums.
func sumParts(s *sight) int {
	const most, positions = 16, 64
	return min(max(s.batch*s.positions()/positions, 1), most, s.batch)
}

func newSharedGradient(c *compiler, dw []float32, s *sight, dz operand) *sharedGradient {
	g := &sharedGradient{sight: s, c: c, dw: dw, channels: dz.shape[1]}
	for range sumParts(s) {
		g.sums = append(g.sums, make([]float32, len(dw)))
	}
	f, size := s.under(g.channels), s.positions()*g.channels
	g.part = func(part int) {
		lo, hi := parallel.Split(s.batch, len(g.sums), part)
		clear(g.sums[part])
		for b := lo; b < hi; b++ {
			f.WeightGradient(g.sums[part], s.image(b), dz.data[b*size:(b+1)*size])
		}
	}
	g.add = c.elementwise(len(dw), func(lo, hi int) {
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
	g.c.pool.Run(len(g.sums), g.part)
	g.add()
}

// Part implements Lazy. It computes all of dW, of which it copies the part.
func (g *sharedGradient) Part(pre, post []int32, part []float32) {
	g.Fill()
	g.pick(pre, post, part)
}

// Stream implements Lazy: a single block.
func (g *sharedGradient) Stream(learn learner) {
	g.Fill()
	learn(0, g.inputs(), 0, g.channels, g.dw, g.channels)
}

// pick copies some rows and columns; nil is all.
func (g *sharedGradient) pick(pre, post []int32, part []float32) {
	rows := len(pre)
	if pre == nil {
		rows = g.inputs()
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

// sendBack is compile of the errors of images, given those of the units and the
// weights instead of the errors of the patches.
func (f patchesError) sendBack(c *compiler, dx []float32, dz, w operand) func() {
	channels, batch := w.shape[1], dz.shape[0]/f.positions()
	geometry, turned := f.under(channels), make([]float32, len(w.data))
	size, pixels, seen := f.positions()*channels, f.pixels(), f.padded().pixels()
	images := dx
	if f.padding > 0 {
		images = make([]float32, batch*seen)
	}
	send := c.images(batch, f.positions()*f.inputs(), func(b int) {
		image := images[b*seen : (b+1)*seen]
		clear(image)
		geometry.InputError(image, dz.data[b*size:(b+1)*size], turned)
		if f.padding > 0 {
			f.move(image, dx[b*pixels:(b+1)*pixels], true)
		}
	})
	return func() {
		for i, x := range w.data {
			turned[i%channels*f.inputs()+i/channels] = x
		}
		send()
	}
}
