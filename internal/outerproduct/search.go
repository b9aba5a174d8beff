package outerproduct

import (
	"math"

	"ergon/internal/selection"
)

// search finds the k-th largest key of outer products by bracketing: at least k entries
// are ≥ low, and at most k are ≥ high.
type search struct {
	products      []*Product
	low, high     uint32
	atLow, atHigh int // number of entries that are at least low, and at least high
}

// fewEntries is the number of entries in the bracket below which they are compared
// directly.
const fewEntries = 512

// bracket narrows [low,high) until it holds few entries, or a single key. While low is 0
// it steps down from high by octaves. Then, of three steps, two interpolate, with the
// logarithm of the count taken as linear in the key; the third bisects, which bounds the
// number of steps.
func (s *search) bracket(k int) {
	for step := 0; s.high-s.low > 1 && s.atLow-s.atHigh > fewEntries; step++ {
		middle := s.low + (s.high-s.low)/2
		switch {
		case s.low == 0:
			middle = s.high - min(s.high-1, octave<<min(step, 7))
		case step%3 != 2:
			middle = s.guess(k)
		}
		s.narrow(middle, k)
	}
}

// narrow makes the key at the new low or high; both, and returns true, if exactly k
// entries are at least at.
func (s *search) narrow(at uint32, k int) (exactly bool) {
	n := countReaching(s.products, at)
	if n >= k {
		s.low, s.atLow = at, n
	}
	if n <= k {
		s.high, s.atHigh = at, n
	}
	return n == k
}

// guess interpolates a key strictly between low and high.
func (s *search) guess(k int) uint32 {
	atLow, atHigh := math.Log(float64(s.atLow)), math.Log(max(float64(s.atHigh), 0.5))
	share := (math.Log(float64(k)+0.5) - atLow) / (atHigh - atLow)
	return min(max(s.low+uint32(share*float64(s.high-s.low)), s.low+1), s.high-1)
}

// finish finds the k-th largest among the entries in [low,high).
func (s *search) finish(k int) {
	scratch := &s.products[0].keys
	*scratch = (*scratch)[:0]
	for _, o := range s.products {
		*scratch = o.appendBetween(*scratch, math.Float32frombits(s.low), math.Float32frombits(s.high))
	}
	found := selection.KthLargest(*scratch, k-s.atHigh)
	if !s.narrow(found, k) {
		s.high = found + 1
	}
}

// octave is the distance of the keys of x and 2x.
const octave = uint32(1) << 23
