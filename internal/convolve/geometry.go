package graph

import "ergon/internal/convolve"

// field is the geometry of a convolution: kernels of side×side pixels that move in
// steps of one over an image of planes × height × width × depth numbers, row-major,
// with so many rows and columns of zeros around it. An image of c colours is c
// planes of depth 1; the units of a convolution are one plane, channels deep.
type field struct {
	planes, height, width, depth int
	side, padding                int
}

// rows and columns are those of the positions of a kernel.
func (f field) rows() int    { return f.height + 2*f.padding - f.side + 1 }
func (f field) columns() int { return f.width + 2*f.padding - f.side + 1 }

// positions returns how many positions a kernel takes.
func (f field) positions() int { return f.rows() * f.columns() }

// pixels returns how many numbers an image has.
func (f field) pixels() int { return f.planes * f.height * f.width * f.depth }

// inputs returns how many of them a kernel sees at a position.
func (f field) inputs() int { return f.planes * f.side * f.side * f.depth }

// strips calls take for each row of the kernels, in each row of positions, that
// meets the image: where it is in the first of those positions' patches, and where
// the row of the image that it lies on begins.
func (f field) strips(take func(patch, line int)) {
	for row := range f.rows() {
		for plane := range f.planes {
			for y := range f.side {
				if at := row + y - f.padding; at >= 0 && at < f.height {
					take(row*f.columns()*f.inputs()+(plane*f.side+y)*f.side*f.depth, (plane*f.height+at)*f.width*f.depth)
				}
			}
		}
	}
}

// overlap returns which numbers of a row of a kernel meet the image in a column of
// positions, and which number of the image's row the first number of all meets.
func (f field) overlap(column int) (from, to, left int) {
	left = (column - f.padding) * f.depth
	return max(-left, 0), min(f.width*f.depth-left, f.side*f.depth), left
}

// pixel returns which number of an image input i of a kernel is at a position;
// inside is false where it is a zero around the image.
func (f field) pixel(position, i int) (pixel int, inside bool) {
	d, i := i%f.depth, i/f.depth
	x, i := i%f.side, i/f.side
	y, plane := i%f.side, i/f.side
	row, column := position/f.columns()+y-f.padding, position%f.columns()+x-f.padding
	inside = row >= 0 && row < f.height && column >= 0 && column < f.width
	return ((plane*f.height+row)*f.width+column)*f.depth + d, inside
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
