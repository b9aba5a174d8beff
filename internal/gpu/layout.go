package gpu

// Layout places the arrays of a network's parameters in one flat buffer, so
// that an update is one launch. Weights, gradients and what an optimizer
// remembers have the same layout. Networks follow each other Size apart.
type Layout struct {
	Offsets []int // of each array, in numbers from the network's start
	Sizes   []int // of each array
	Size    int   // of a network, in numbers
}

// align is to how many numbers an array's start is aligned: 256 bytes.
const align = 64

// NewLayout places arrays of the given sizes.
func NewLayout(sizes []int) Layout {
	l := Layout{Sizes: sizes}
	for _, n := range sizes {
		l.Offsets = append(l.Offsets, l.Size)
		l.Size += (n + align - 1) / align * align
	}
	return l
}

// Pack copies a network's arrays into a flat buffer [Size].
func (l Layout) Pack(flat []float32, arrays [][]float32) {
	for a, values := range arrays {
		copy(flat[l.Offsets[a]:][:l.Sizes[a]], values)
	}
}

// Unpack copies a flat buffer [Size] into a network's arrays.
func (l Layout) Unpack(arrays [][]float32, flat []float32) {
	for a, values := range arrays {
		copy(values, flat[l.Offsets[a]:][:l.Sizes[a]])
	}
}
