package convolve

// Pool is units [Rows,Columns,Channels] in squares of Side×Side, channel by channel.
// Rows and columns at the end that do not fill a square belong to none.
type Pool struct{ Rows, Columns, Channels, Side int }

// Height returns how many squares lie below each other.
func (p Pool) Height() int { return p.Rows / p.Side }

// Width returns how many squares lie beside each other.
func (p Pool) Width() int { return p.Columns / p.Side }

// Units returns how many units there are, all channels counted.
func (p Pool) Units() int { return p.Rows * p.Columns * p.Channels }

// Squares returns how many largest units there are, all channels counted.
func (p Pool) Squares() int { return p.Height() * p.Width() * p.Channels }

// Largest writes the largest unit of each square to squares. Of equal ones, as 0 and
// -0, it is the first, and NaN is larger than all.
func (p Pool) Largest(squares, units []float32) {
	squares, units = squares[:p.Squares()], units[:p.Units()]
	if active == nil {
		p.largest(squares, units)
		return
	}
	split(p.Channels, func(k *kernels, c int, mask uint32) {
		k.largest(&squares[c], &units[c], p.Width(), p.Height(), p.Side, 4*p.Channels, 4*p.Columns*p.Channels, mask)
	})
}

// Give writes the errors of the units of squares: the first that equals the largest has
// the error d of its square, the others 0. Errors of units that belong to no square stay
// as they are.
func (p Pool) Give(errors, d, units, largest []float32) {
	errors, units = errors[:p.Units()], units[:p.Units()]
	d, largest = d[:p.Squares()], largest[:p.Squares()]
	if active == nil {
		p.give(errors, d, units, largest)
		return
	}
	split(p.Channels, func(k *kernels, c int, mask uint32) {
		k.give(&errors[c], &d[c], &units[c], &largest[c], p.Width(), p.Height(), p.Side, 4*p.Channels, 4*p.Columns*p.Channels, mask)
	})
}

func (p Pool) largest(squares, units []float32) {
	for square := range squares {
		first := p.first(square)
		best := units[first]
		for i := range p.Side * p.Side {
			if x := units[p.unit(first, i)]; x > best || x != x {
				best = x
			}
		}
		squares[square] = best
	}
}

func (p Pool) give(errors, d, units, largest []float32) {
	for square, e := range d {
		first := p.first(square)
		for i := range p.Side * p.Side {
			unit := p.unit(first, i)
			if errors[unit] = 0; units[unit] == largest[square] {
				errors[unit], e = e, 0
			}
		}
	}
}

// first returns the first unit of a square.
func (p Pool) first(square int) int {
	channel, at := square%p.Channels, square/p.Channels
	column, row := at%p.Width(), at/p.Width()
	return (row*p.Columns+column)*p.Side*p.Channels + channel
}

// unit returns unit i of the square whose first is given, row by row.
func (p Pool) unit(first, i int) int {
	return first + (i/p.Side*p.Columns+i%p.Side)*p.Channels
}
