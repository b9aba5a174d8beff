package outerproduct

import (
	"math"

	"ergon/internal/selection"
)

// search looks for the k-th largest key of outer products between one that more than k
// entries reach and one that fewer do.
type search struct {
	products      []*Product
	low, high     uint32
	atLow, atHigh int // entries that reach low and high
}

// fewEntries is how many entries between low and high are few enough to be looked at.
const fewEntries = 512

// bracket brings low and high together until few entries are between, or none can be.
// It alternates a guess, for which the logarithm of the count is taken as linear in
// that of the threshold, with halving, which bounds the number of turns.
func (s *search) bracket(k int) {
	for turn := 0; s.high-s.low > 1 && s.atLow-s.atHigh > fewEntries; turn++ {
		middle := s.low + (s.high-s.low)/2
		switch {
		case s.low == 0:
			middle = s.high - min(s.high-1, octave<<min(turn, 7))
		case turn%3 != 2:
			middle = s.guess(k)
		}
		s.narrow(middle, k)
	}
}

// narrow makes a key low or high, or both if exactly k entries reach it, and says that.
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

// guess returns a key between low and high, neither of them.
func (s *search) guess(k int) uint32 {
	atLow, atHigh := math.Log(float64(s.atLow)), math.Log(max(float64(s.atHigh), 0.5))
	share := (math.Log(float64(k)+0.5) - atLow) / (atHigh - atLow)
	return min(max(s.low+uint32(share*float64(s.high-s.low)), s.low+1), s.high-1)
}

// finish looks at the entries that reach low but not high.
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
