package convolve

import ()

// Geometry is the geometry of a convolution: kernels of side×side pixels that move in
// steps of one over an image of planes × height × width × depth numbers, row-major,
// with so many rows and columns of zeros around it. An image of c colours is c
// planes of depth 1; the units of a convolution are one plane, channels deep.
type Geometry struct {
	Planes, Height, Width, Depth int
	Side, Padding                int
}

// Rows and columns are those of the positions of a kernel.
func (f Geometry) Rows() int { return f.Height + 2*f.Padding - f.Side + 1 }

func (f Geometry) Columns() int { return f.Width + 2*f.Padding - f.Side + 1 }

// Positions returns how many positions a kernel takes.
func (f Geometry) Positions() int { return f.Rows() * f.Columns() }

// Pixels returns how many numbers an image has.
func (f Geometry) Pixels() int { return f.Planes * f.Height * f.Width * f.Depth }

// Inputs returns how many of them a kernel sees at a position.
func (f Geometry) Inputs() int { return f.Planes * f.Side * f.Side * f.Depth }

// strips calls take for each row of the kernels, in each row of positions, that
// meets the image: where it is in the first of those positions' patches, and where
// the row of the image that it lies on begins.
func (f Geometry) strips(take func(patch, line int)) {
	for row := range f.Rows() {
		for plane := range f.Planes {
			for y := range f.Side {
				if at := row + y - f.Padding; at >= 0 && at < f.Height {
					take(row*f.Columns()*f.Inputs()+(plane*f.Side+y)*f.Side*f.Depth, (plane*f.Height+at)*f.Width*f.Depth)
				}
			}
		}
	}
}

// overlap returns which numbers of a row of a kernel meet the image in a column of
// positions, and which number of the image's row the first number of all meets.
func (f Geometry) overlap(column int) (from, to, left int) {
	left = (column - f.Padding) * f.Depth
	return max(-left, 0), min(f.Width*f.Depth-left, f.Side*f.Depth), left
}

// Pixel returns which number of an image input i of a kernel is at a position;
// inside is false where it is a zero around the image.
func (f Geometry) Pixel(position, i int) (pixel int, inside bool) {
	d, i := i%f.Depth, i/f.Depth
	x, i := i%f.Side, i/f.Side
	y, plane := i%f.Side, i/f.Side
	row, column := position/f.Columns()+y-f.Padding, position%f.Columns()+x-f.Padding
	inside = row >= 0 && row < f.Height && column >= 0 && column < f.Width
	return ((plane*f.Height+row)*f.Width+column)*f.Depth + d, inside
}

// Padded is the field whose images have the zeros around them.
func (f Geometry) Padded() Geometry {
	f.Height, f.Width, f.Padding = f.Height+2*f.Padding, f.Width+2*f.Padding, 0
	return f
}

// Move copies an image into the middle of one with zeros around it, or back.
func (f Geometry) Move(padded, image []float32, back bool) {
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

// Field is the geometry of kernels for so many channels, on images with the zeros around them.
func (f Geometry) Field(channels int) *Field {
	p := f.Padded()
	c := &Field{
		Rows: f.Rows(), Columns: f.Columns(), Depth: f.Depth, Line: p.Width * p.Depth, Segment: f.Side * f.Depth, Channels: channels,
	}
	for plane := range f.Planes {
		for y := range f.Side {
			c.Starts = append(c.Starts, (plane*p.Height+y)*c.Line)
		}
	}
	return c
}
