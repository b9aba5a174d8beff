package entropy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"ergon/internal/state"
)

// Vectors are what entropy is estimated from. Part is called from many goroutines at
// once.
type Vectors interface {
	Len() int       // how many there are
	Dimension() int // components of each
	// Part writes components lo … lo+len(dst)-1 of vector i to dst.
	Part(dst []float32, i, lo int) error
}

// Window keeps the last vectors of a sequence in memory, 4 bytes a component.
type Window struct {
	components []float32 // [up to most][dimension], made when the first vector comes
	dimension  int
	most       int
	added      int
}

var _ Vectors = (*Window)(nil)

// NewWindow returns a window that keeps the last most vectors of so many components.
func NewWindow(most, dimension int) *Window {
	return &Window{dimension: dimension, most: most}
}

// Add copies w into the window. Once the window is full, the oldest vector leaves it.
func (v *Window) Add(w []float32) error {
	if len(w) != v.dimension {
		return fmt.Errorf("entropy: a vector of %d components in a window of vectors of %d", len(w), v.dimension)
	}
	if v.most > 0 {
		v.room()
		copy(v.vector(v.added%v.most), w)
		v.added++
	}
	return nil
}

// room makes room for the vectors, unless there is.
func (v *Window) room() {
	if v.components == nil {
		v.components = make([]float32, v.most*v.dimension)
	}
}

// vector returns the i-th place.
func (v *Window) vector(i int) []float32 { return v.components[i*v.dimension : (i+1)*v.dimension] }

// Clear empties the window. Its memory stays for the next vectors.
func (v *Window) Clear() { v.added = 0 }

// State implements state.Stateful.
func (v *Window) State(visitor state.Visitor) {
	visitor.JSON("added", &v.added)
	v.added = max(v.added, 0) // a file may say anything
	var held []float32
	if n := v.Len(); n > 0 {
		v.room()
		held = v.components[:n*v.dimension]
	}
	visitor.Float32s("components", held)
}

// Len implements Vectors.
func (v *Window) Len() int { return min(v.added, v.most) }

// Dimension implements Vectors.
func (v *Window) Dimension() int { return v.dimension }

// Part implements Vectors.
func (v *Window) Part(dst []float32, i, lo int) error {
	copy(dst, v.vector(i)[lo:lo+len(dst)])
	return nil
}

// File is vectors that lie one after the other in a file, little-endian float32: for those
// that memory does not hold.
type File struct {
	R                io.ReaderAt
	Count, Component int // vectors, components of each
}

var _ Vectors = File{}

// Len implements Vectors.
func (f File) Len() int { return f.Count }

// Dimension implements Vectors.
func (f File) Dimension() int { return f.Component }

// Part implements Vectors.
func (f File) Part(dst []float32, i, lo int) error {
	raw := make([]byte, 4*len(dst))
	at := 4 * (int64(i)*int64(f.Component) + int64(lo))
	if n, err := f.R.ReadAt(raw, at); n < len(raw) {
		return fmt.Errorf("entropy: vector %d of %d: %w", i, f.Count, err)
	}
	for c := range dst {
		dst[c] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*c:]))
	}
	return nil
}
