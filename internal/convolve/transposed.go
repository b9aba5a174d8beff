package convolve

// Transposed computes the errors of an image from those of all units, as [Field.InputError]
// does, but gathers: each number of the image is a sum over the kernels that saw it, a
// convolution of the errors. It takes as long whether errors are zero or not, and is the
// faster where most are not. The image is one plane.
//
// Pixels whose distance from each other is a multiple of the stride are seen by the same
// inputs of kernels. Each such set, a phase, is a convolution of its own, in steps of one.
type Transposed struct {
	Geometry
	channels int
	margin   int // rows and columns of zeros around the errors
	phases   []phase
}

// phase are the pixels y0, y0 + stride, … of the columns x0, x0 + stride, ….
type phase struct {
	Field
	y0, x0  int
	first   int       // number of the errors at the first position's first tap
	tops    []int     // rows ky of the kernel that see the phase, last first
	lefts   []int     // columns kx, last first
	weights []float32 // [tops,lefts,channels,stride·Depth], of which the first Depth are some
}

// NewTransposed returns what computes errors of images under kernels of so many channels. ok
// is false for images of several planes.
func NewTransposed(g Geometry, channels int) (t *Transposed, ok bool) {
	if g.Planes != 1 {
		return nil, false
	}
	t = &Transposed{Geometry: g, channels: channels, margin: g.Side/g.step() + 1}
	for y := range g.step() {
		for x := range g.step() {
			if p := t.phase(y, x); p.Rows > 0 && p.Columns > 0 && p.weights != nil {
				t.phases = append(t.phases, p)
			}
		}
	}
	return t, true
}

// line returns the numbers from a row of errors to the next, zeros included.
func (t *Transposed) line() int { return (t.Columns() + 2*t.margin) * t.channels }

// Errors returns how many numbers the errors of an image have with zeros around them.
func (t *Transposed) Errors() int { return (t.Rows() + 2*t.margin) * t.line() }

// phase returns that of the pixels y, y + stride, … and x, x + stride, ….
func (t *Transposed) phase(y0, x0 int) phase {
	s := t.step()
	p := phase{y0: y0, x0: x0, tops: taps(y0+t.Padding, s, t.Side), lefts: taps(x0+t.Padding, s, t.Side)}
	p.Field = Field{
		Rows: (t.Height - y0 + s - 1) / s, Columns: (t.Width - x0 + s - 1) / s, Depth: t.channels, Line: t.line(),
		Segment: len(p.lefts) * t.channels, Channels: t.Depth,
	}
	if len(p.tops) == 0 || len(p.lefts) == 0 {
		return p
	}
	// The pixel's row is step·position + ky, so that the last tap is the first position.
	row, column := (y0+t.Padding-p.tops[0])/s, (x0+t.Padding-p.lefts[0])/s
	p.first = (row+t.margin)*t.line() + (column+t.margin)*t.channels
	for i := range p.tops {
		p.Starts = append(p.Starts, i*t.line())
	}
	p.weights = make([]float32, len(p.tops)*p.Segment*s*t.Depth)
	return p
}

// taps returns the rows, or columns, of a kernel that see a pixel at a distance from the
// first position's edge, the last first.
func taps(distance, stride, side int) (all []int) {
	for k := side - 1; k >= 0; k-- {
		if (distance-k)%stride == 0 {
			all = append(all, k)
		}
	}
	return all
}

// SetWeights takes the kernels [Inputs,channels].
func (t *Transposed) SetWeights(w []float32) {
	depth := t.Depth
	for _, p := range t.phases {
		to := p.weights
		for _, ky := range p.tops {
			for _, kx := range p.lefts {
				tap := w[(ky*t.Side+kx)*depth*t.channels:][:depth*t.channels]
				for c := range t.channels {
					for d := range depth {
						to[d] = tap[d*t.channels+c]
					}
					to = to[t.step()*depth:]
				}
			}
		}
	}
}

// InputError writes the errors dx of an image, given those of its units. errors is memory
// for them with zeros around, which are there already; zeros are as many as the image is
// deep.
func (t *Transposed) InputError(dx, dz, errors, zeros []float32) {
	n := t.Columns() * t.channels
	for row := range t.Rows() {
		copy(errors[(row+t.margin)*t.line()+t.margin*t.channels:], dz[row*n:(row+1)*n])
	}
	s, depth := t.step(), t.Depth
	if s > t.Side {
		clear(dx) // there are pixels that no kernel sees
	}
	for i := range t.phases {
		p := &t.phases[i]
		p.forwardTo(dx[(p.y0*t.Width+p.x0)*depth:], s*depth, s*t.Width*depth, errors[p.first:], p.weights, zeros)
	}
}
