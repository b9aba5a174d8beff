package selection

import (
	"math"
	"slices"

	"ergon/internal/simd"
)

// Sample finds order statistics of many magnitudes with the help of a sample of them.
// Its zero value is ready for use; it keeps its scratch space from call to call.
type Sample struct {
	keys   []uint32
	places []int32
}

// sampled is the size of the sample.
const sampled = 1024

// KthLargest returns the k-th largest of the keys of all values, XORed with flip; 1 ≤ k.
// A sample gives a bracket of keys that contains it with high probability. One pass
// counts the values above the bracket and collects those in it; the k-th is found among
// these. ok is false if there are few values, or the k-th is not in the bracket.
func (s *Sample) KthLargest(values [][]float32, flip uint32, k int) (key uint32, ok bool) {
	n := 0
	for _, v := range values {
		n += len(v)
	}
	if n < 16*sampled {
		return 0, false
	}
	least, most := s.bracket(values, flip, k, n)
	above := 0
	s.keys = s.keys[:0]
	for _, v := range values {
		above += s.appendBetween(v, flip, least, most)
	}
	if k <= above || k > above+len(s.keys) {
		return 0, false
	}
	return KthLargest(s.keys, k-above), true
}

// bracket returns keys between which the k-th largest of n lies with high probability:
// the elements of the sample four standard deviations before and after k's rank.
func (s *Sample) bracket(values [][]float32, flip uint32, k, n int) (least, most uint32) {
	s.keys = s.keys[:0]
	stride := n / sampled
	at := 0
	for _, v := range values {
		for ; at < len(v); at += stride {
			s.keys = append(s.keys, Key(v[at])^flip)
		}
		at -= len(v)
	}
	slices.Sort(s.keys)
	last, share := len(s.keys)-1, float64(k)/float64(n)
	expected := share * float64(len(s.keys))
	margin := 4*math.Sqrt(expected*(1-share)) + 8
	least, most = s.keys[max(last-int(expected+margin), 0)], MagnitudeBits
	if margin < expected {
		most = s.keys[last-int(expected-margin)]
	}
	return least, most
}

// appendBetween appends the keys of values in [least,most] to the scratch keys, and
// returns how many are above.
func (s *Sample) appendBetween(values []float32, flip, least, most uint32) (above int) {
	s.places = slices.Grow(s.places[:0], len(values))[:len(values)]
	reaching := s.places[:simd.Reaching(values, flip, least, 0, s.places)]
	first, n := len(s.keys), 0
	s.keys = slices.Grow(s.keys, len(reaching))
	keys := s.keys[first : first+len(reaching)]
	for _, i := range reaching { // no data-dependent branch
		k := Key(values[i]) ^ flip
		keys[n] = k
		n += AtLeast(most, k)
	}
	s.keys = s.keys[:first+n]
	return len(reaching) - n
}
