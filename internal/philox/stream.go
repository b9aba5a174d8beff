package philox

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"

	"ergon/internal/simd"
)

// Stream is a named, random-access source of numbers. The zero value is a
// valid stream (key 0); streams of different seeds or names are independent.
// A Stream is a value: it has no state and may be used by many goroutines.
type Stream struct{ key [2]uint32 }

// New returns the stream called name under seed. The key is the head of
// SHA-256(seed ‖ name), so streams cannot be made to collide by their names.
func New(seed uint64, name string) Stream {
	digest := sha256.Sum256(append(binary.LittleEndian.AppendUint64(nil, seed), name...))
	return Stream{[2]uint32{
		binary.LittleEndian.Uint32(digest[0:]),
		binary.LittleEndian.Uint32(digest[4:]),
	}}
}

// Key returns the cipher's key, for who draws the stream's words elsewhere.
func (s Stream) Key() [2]uint32 { return s.key }

// Block returns the four words with indices 4·block … 4·block+3 of a step.
func (s Stream) Block(step, block uint64) [4]uint32 {
	return Cipher([4]uint32{uint32(block), uint32(block >> 32), uint32(step), uint32(step >> 32)}, s.key)
}

// Uint32 returns word index of a step, uniform over all 32-bit values.
func (s Stream) Uint32(step, index uint64) uint32 {
	return s.Block(step, index/4)[index%4]
}

// Uint64 returns number index of a step, uniform over all 64-bit values. It
// uses words 2·index and 2·index+1.
func (s Stream) Uint64(step, index uint64) uint64 {
	b := s.Block(step, index/2)
	i := index % 2 * 2
	return uint64(b[i+1])<<32 | uint64(b[i])
}

// Intn returns an integer in [0, n), n > 0. Its bias is below n/2^64.
func (s Stream) Intn(step, index uint64, n int) int {
	hi, _ := bits.Mul64(s.Uint64(step, index), uint64(n))
	return int(hi)
}

// Float64 returns number index of a step, uniform over [0, 1) with 53 bits.
func (s Stream) Float64(step, index uint64) float64 {
	return float64(s.Uint64(step, index)>>11) * 0x1p-53
}

// Shuffle writes a uniformly random permutation of 0 … len(p)-1 into p: the
// Fisher-Yates shuffle driven by numbers 0 … len(p)-1 of a step.
func (s Stream) Shuffle(step uint64, p []int32) {
	for i := range p {
		p[i] = int32(i)
	}
	for i := len(p) - 1; i > 0; i-- {
		j := s.Intn(step, uint64(i), i+1)
		p[i], p[j] = p[j], p[i]
	}
}

// Below sets bit j of bits[i] where word 64·(first+i)+j of a step is below the
// threshold of Threshold, and clears it elsewhere.
func (s Stream) Below(step, first uint64, threshold uint64, bits []uint64) {
	switch {
	case threshold > math.MaxUint32: // every word is
		for i := range bits {
			bits[i] = math.MaxUint64
		}
	case !simd.Philox(bits, s.key, step, first*16, uint32(threshold)):
		for i := range bits {
			bits[i] = s.below(step, first+uint64(i), uint32(threshold))
		}
	}
}

// below is one word of Below.
func (s Stream) below(step, word uint64, threshold uint32) (bits uint64) {
	for b := range uint64(16) {
		for l, w := range s.Block(step, 16*word+b) {
			if w < threshold {
				bits |= 1 << (4*b + uint64(l))
			}
		}
	}
	return bits
}

// Threshold returns the number t for which a uniform 32-bit word w satisfies
// uint64(w) < t with probability p, exact to 2^-33. p ≥ 1 keeps every word, p ≤ 0 none.
func Threshold(p float64) uint64 {
	return uint64(math.RoundToEven(min(max(p, 0), 1) * 0x1p32))
}
