package philox

import "ergon/internal/simd"

// normalsAtOnce is how many numbers are made of words at a time.
const normalsAtOnce = 256

// Normals fills dst with numbers first, first+1, … of a step, distributed
// N(0, 1): number i is the quantile of word i. It takes less time than NormalPairs
// and gives other numbers, in float32, none beyond ±6.34.
func (s Stream) Normals(step, first uint64, dst []float32) {
	if len(dst) <= fewWords { // which do without the large buffer
		var words [fewWords]uint32
		s.Words(step, first, words[:len(dst)])
		simd.Quantiles(dst, words[:])
		return
	}
	var words [normalsAtOnce]uint32
	for len(dst) > 0 {
		n := min(len(dst), normalsAtOnce)
		s.Words(step, first, words[:n])
		simd.Quantiles(dst[:n], words[:n])
		dst, first = dst[n:], first+uint64(n)
	}
}

// sparsePlaces are faster drawn one by one than picked from normalsAtOnce words out of
// vector registers.
const sparsePlaces = 12

// NormalsAt writes number places[n] of Normals to dst[n]. It is fast where places ascend.
func (s Stream) NormalsAt(step uint64, places []int32, dst []float32) {
	var words [normalsAtOnce]uint32
	for len(places) > 0 {
		n, first := 0, places[0]&^3
		for n < min(len(places), normalsAtOnce) && uint32(places[n]-first) < normalsAtOnce {
			n++
		}
		if n > sparsePlaces && simd.Active() != simd.Portable {
			s.pick(step, first, places[:n], &words)
		} else {
			s.wordsAt(step, places[:n], &words)
		}
		simd.Quantiles(dst[:n], words[:n])
		places, dst = places[n:], dst[n:]
	}
}

// pick writes the words at places, among the normalsAtOnce from first on, to the head of
// words.
func (s Stream) pick(step uint64, first int32, places []int32, words *[normalsAtOnce]uint32) {
	var all [normalsAtOnce]uint32
	s.Words(step, uint64(first), all[:])
	for n, i := range places {
		words[n] = all[i-first]
	}
}

// wordsAt writes the words at places to the head of words. Neighbours share a block.
func (s Stream) wordsAt(step uint64, places []int32, words *[normalsAtOnce]uint32) {
	var block [4]uint32
	drawn := int32(-1)
	for n, i := range places {
		if i/4 != drawn {
			drawn = i / 4
			block = s.Block(step, uint64(drawn))
		}
		words[n] = block[i%4]
	}
}
