package convolve

// Geometry is the shape of a convolution. Kernels of Side × Side pixels move in
// steps of Stride over an image [Planes,Height,Width,Depth], which has Padding rows and
// columns of zeros on every side. An image of c colours is c planes of depth 1; the
// units of a convolution are one plane, whose depth is the number of channels.
type Geometry struct {
	Planes, Height, Width, Depth int
	Side, Padding                int
	Stride                       int // rows, and columns, from a position to the next; 0 is one
}

// step returns the rows, and columns, from a position to the next.
func (f Geometry) step() int { return max(f.Stride, 1) }

// Rows returns how many positions a kernel takes from top to bottom; 0 if it does not fit.
// Rows at the end that a step does not reach are not seen.
func (f Geometry) Rows() int { return f.along(f.Height) }

// Columns returns how many positions a kernel takes from left to right.
func (f Geometry) Columns() int { return f.along(f.Width) }

// along returns how many positions a kernel takes along so many pixels.
func (f Geometry) along(pixels int) int {
	if room := pixels + 2*f.Padding - f.Side; room >= 0 {
		return room/f.step() + 1
	}
	return 0
}

// Positions returns how many positions a kernel takes in all.
func (f Geometry) Positions() int { return f.Rows() * f.Columns() }

// Pixels returns how many numbers an image has, without the zeros around it.
func (f Geometry) Pixels() int { return f.Planes * f.Height * f.Width * f.Depth }

// Inputs returns how many numbers a kernel sees at a position: the length of a patch.
func (f Geometry) Inputs() int { return f.Planes * f.Side * f.Side * f.Depth }

// strips calls take for each row of a kernel at each row of positions, unless it lies
// in the zeros above or below the image: patch is its index in the patch of the row's
// first position, line the index of the image's row that it covers.
func (f Geometry) strips(take func(patch, line int)) {
	for row := range f.Rows() {
		for plane := range f.Planes {
			for y := range f.Side {
				if at := row*f.step() + y - f.Padding; at >= 0 && at < f.Height {
					take(row*f.Columns()*f.Inputs()+(plane*f.Side+y)*f.Side*f.Depth, (plane*f.Height+at)*f.Width*f.Depth)
				}
			}
		}
	}
}

// overlap returns, for a column of positions, which numbers [from,to) of a kernel's row
// lie on the image, and the index in the image's row of the kernel's first number,
// negative where that lies in the zeros.
func (f Geometry) overlap(column int) (from, to, left int) {
	left = (column*f.step() - f.Padding) * f.Depth
	return max(-left, 0), min(f.Width*f.Depth-left, f.Side*f.Depth), left
}

// Pixel returns the index in the image of input i of a kernel at a position; inside is
// false where that input is a zero around the image.
func (f Geometry) Pixel(position, i int) (pixel int, inside bool) {
	d, i := i%f.Depth, i/f.Depth
	x, i := i%f.Side, i/f.Side
	y, plane := i%f.Side, i/f.Side
	row, column := position/f.Columns()*f.step()+y-f.Padding, position%f.Columns()*f.step()+x-f.Padding
	inside = row >= 0 && row < f.Height && column >= 0 && column < f.Width
	return ((plane*f.Height+row)*f.Width+column)*f.Depth + d, inside
}

// Padded returns the geometry of the image with its zeros, which needs no padding.
func (f Geometry) Padded() Geometry {
	f.Height, f.Width, f.Padding = f.Height+2*f.Padding, f.Width+2*f.Padding, 0
	return f
}

// Pad copies an image into one with zeros around it, which are there already.
func (f Geometry) Pad(padded, image []float32) { f.copyLines(padded, image, false) }

// Crop copies an image out of one with zeros around it.
func (f Geometry) Crop(image, padded []float32) { f.copyLines(padded, image, true) }

// copyLines copies an image into the middle of a padded one, or back.
func (f Geometry) copyLines(padded, image []float32, back bool) {
	p, line := f.Padded(), f.Width*f.Depth
	for plane := range f.Planes {
		for y := range f.Height {
			at := ((plane*p.Height+y+f.Padding)*p.Width + f.Padding) * f.Depth
			if inside := padded[at : at+line]; back {
				copy(image, inside)
			} else {
				copy(inside, image)
			}
			image = image[line:]
		}
	}
}

// Field returns what kernels of so many channels see of an image with zeros around it.
func (f Geometry) Field(channels int) *Field {
	p := f.Padded()
	line := p.Width * p.Depth
	c := &Field{
		Rows: f.Rows(), Columns: f.Columns(), Depth: f.step() * f.Depth, Line: f.step() * line, Segment: f.Side * f.Depth, Channels: channels,
	}
	for plane := range f.Planes {
		for y := range f.Side {
			c.Starts = append(c.Starts, (plane*p.Height+y)*line)
		}
	}
	return c
}
