package unit

import (
	"sync"

	"ergon/internal/philox"
)

// Fast is a kind of unit that has loops of its own for rows of float32, as training takes
// them. They do what the methods of Unit do to the same fields in float64, and differ by
// rounding. What they write is as long as the fields, and may be the fields; they do not
// allocate.
type Fast interface {
	Unit
	// Potential32 returns Σ U(x), added in float64.
	Potential32(x []float32) float64
	// LogPartition32 returns Σ Γ(I), terms off by less than 10^-7 of max(1, |Γ|), added in
	// float64 in an order that follows from the length.
	LogPartition32(fields []float32) float64
	// Mean32 writes the mean activities to mean, off by less than 3·10^-7 of them.
	Mean32(mean, fields []float32)
	// Sample32 draws x with words first, first+1, … of a step of the stream, in the place
	// of words[0], words[1], … of Sample: numbers depend on their index only, so that many
	// rows may be drawn at once. x is off by less than 3·10^-7 of max(1, |x|), or, where it
	// has few states, is another one for words that near to where it changes.
	Sample32(x, fields []float32, stream philox.Stream, step, first uint64)
}

// Potential32 returns Σ U(x) of a row of any kind.
func Potential32(u Unit, x []float32) (sum float64) {
	if f, ok := u.(Fast); ok {
		return f.Potential32(x)
	}
	s := borrow(u)
	defer scratches.Put(s)
	for len(x) > 0 {
		n := s.widen(x)
		sum += u.Potential(s.x[:n])
		x = x[n:]
	}
	return sum
}

// LogPartition32 returns Σ Γ(I) of a row of fields of any kind.
func LogPartition32(u Unit, fields []float32) (sum float64) {
	if f, ok := u.(Fast); ok {
		return f.LogPartition32(fields)
	}
	s := borrow(u)
	defer scratches.Put(s)
	for len(fields) > 0 {
		n := s.widen(fields)
		sum += u.LogPartition(s.x[:n])
		fields = fields[n:]
	}
	return sum
}

// Mean32 writes the mean activities of a row of any kind to mean, as Fast does.
func Mean32(u Unit, mean, fields []float32) {
	if f, ok := u.(Fast); ok {
		f.Mean32(mean, fields)
		return
	}
	s := borrow(u)
	defer scratches.Put(s)
	for len(fields) > 0 {
		n := s.widen(fields)
		u.Mean(s.x[:n], s.x[:n])
		s.narrow(mean[:n])
		mean, fields = mean[n:], fields[n:]
	}
}

// Sample32 draws a row of any kind, as Fast does.
func Sample32(u Unit, x, fields []float32, stream philox.Stream, step, first uint64) {
	if f, ok := u.(Fast); ok {
		f.Sample32(x, fields, stream, step, first)
		return
	}
	s := borrow(u)
	defer scratches.Put(s)
	for len(fields) > 0 {
		n := s.widen(fields)
		stream.Words(step, first, s.words[:n])
		u.Sample(s.x[:n], s.x[:n], s.words[:n])
		s.narrow(x[:n])
		x, fields, first = x[n:], fields[n:], first+uint64(n)
	}
}

// scratch is room for whole units in float64, and for as many words.
type scratch struct {
	x     []float64
	words []uint32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// borrow returns scratch for units of a kind, to be put back.
func borrow(u Unit) *scratch {
	const numbers = 256
	s, n := scratches.Get().(*scratch), u.States()
	if n *= max(1, numbers/n); cap(s.x) < n {
		s.x, s.words = make([]float64, n), make([]uint32, n)
	}
	s.x, s.words = s.x[:n], s.words[:n]
	return s
}

// widen copies as much of x as there is room for, and returns how much.
func (s *scratch) widen(x []float32) int {
	n := min(len(x), len(s.x))
	for i, v := range x[:n] {
		s.x[i] = float64(v)
	}
	return n
}

// narrow copies what there is to x.
func (s *scratch) narrow(x []float32) {
	for i := range x {
		x[i] = float32(s.x[i])
	}
}
