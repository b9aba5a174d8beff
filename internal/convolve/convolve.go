// Package convolve is the arithmetic of convolutions, image by image. [Field] reads
// the numbers of the image where they lie: the patches that the kernels see are never
// laid out. [Geometry] says where they would lie, and lays them out for others.
//
// Sums go in vector registers where the processor has AVX-512 or AVX2. Their order follows
// from the shapes and the level alone. Forward has one order on every level, and levels
// differ by the rounding of products, which AVX2 and AVX-512 fuse with the sums;
// gradients and errors are summed in an order that differs by level, too.
package convolve

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg convolve"

// Field is what the kernels of a convolution see of an image, which includes the
// zeros around it. What a kernel sees at a position lies in segments, each of numbers that
// follow each other.
type Field struct {
	Rows, Columns int   // of positions
	Depth         int   // numbers from a position to the next in its row
	Line          int   // numbers from a row of positions to the next
	Starts        []int // of the segments at the first position, ascending
	Segment       int   // numbers of each
	Channels      int
}

// Positions returns how many positions there are.
func (f *Field) Positions() int { return f.Rows * f.Columns }

// Inputs returns how many numbers a kernel sees.
func (f *Field) Inputs() int { return len(f.Starts) * f.Segment }

// image is as much of an image as is seen.
func (f *Field) image(x []float32) []float32 {
	last := f.Starts[len(f.Starts)-1] + (f.Rows-1)*f.Line + (f.Columns-1)*f.Depth
	return x[:last+f.Segment]
}

// Forward computes the summed inputs z [Positions,Channels] = bias + patches·weights,
// with weights [Inputs,Channels].
func (f *Field) Forward(z, image, weights, bias []float32) {
	f.forwardTo(z, f.Channels, f.Columns*f.Channels, image, weights, bias)
}

// forwardTo is Forward to units that are apart: pitch numbers from a position to the next in
// its row, which is also from a row of weights to the next, and line from a row of
// positions to the next.
func (f *Field) forwardTo(z []float32, pitch, line int, image, weights, bias []float32) {
	z, image = z[:(f.Rows-1)*line+(f.Columns-1)*pitch+f.Channels], f.image(image)
	weights, bias = weights[:(f.Inputs()-1)*pitch+f.Channels], bias[:f.Channels]
	if active == nil {
		f.forward(z, pitch, line, image, weights, bias)
		return
	}
	tiles := (f.Columns + tallest - 1) / tallest
	height := (f.Columns + tiles - 1) / tiles
	split(f.Channels, func(k *kernels, c int, mask uint32) {
		for tile := range tiles {
			column := min(tile*height, f.Columns-height) // the last may compute some once more
			k.forward[height-1](
				&z[column*pitch+c], &image[column*f.Depth], &weights[c], &bias[c], &f.Starts[0], len(f.Starts), f.Segment,
				4*f.Depth, 4*f.Line, f.Rows, 4*pitch, 4*line, mask,
			)
		}
	})
}

// WeightGradient adds patchesᵀ·dz to dw [Inputs,Channels], with dz [Positions,Channels].
func (f *Field) WeightGradient(dw, image, dz []float32) {
	dw, image, dz = dw[:f.Inputs()*f.Channels], f.image(image), dz[:f.Positions()*f.Channels]
	if active == nil {
		f.weightGradient(dw, image, dz)
		return
	}
	split(f.Channels, func(k *kernels, c int, mask uint32) {
		tiles := (f.Segment + len(k.gradient) - 1) / len(k.gradient)
		for s, start := range f.Starts {
			for tile := range tiles {
				lo, hi := tile*f.Segment/tiles, (tile+1)*f.Segment/tiles
				k.gradient[hi-lo-1](
					&dw[(s*f.Segment+lo)*f.Channels+c], &image[start+lo], &dz[c],
					4*f.Depth, f.Columns, f.Rows, 4*f.Line, 4*f.Channels, mask,
				)
			}
		}
	})
}

// InputError adds dz·turned to the numbers of dx, an image, that the kernels saw, with dz
// [Positions,Channels] and turned [Channels,Inputs], the weights transposed. Errors that are
// zero are left out.
func (f *Field) InputError(dx, dz, turned []float32) {
	dx, dz, turned = f.image(dx), dz[:f.Positions()*f.Channels], turned[:f.Channels*f.Inputs()]
	if active == nil {
		f.inputError(dx, dz, turned)
		return
	}
	rest := uint32(1)<<(f.Segment%active.lanes) - 1
	for c := 0; c < f.Channels; c += active.lanes {
		active.spread(
			&dx[0], &dz[c], &turned[c*f.Inputs()], &f.Starts[0], len(f.Starts), 4*f.Segment, 4*f.Inputs(),
			4*f.Depth, f.Columns, f.Rows, 4*f.Line, 4*f.Channels, lanes(min(active.lanes, f.Channels-c)), rest,
		)
	}
}
