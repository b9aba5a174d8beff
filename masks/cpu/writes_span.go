package cpu

import (
	"encoding/binary"
	"math/bits"

	"ergon/internal/simd"
	"ergon/masks"
)

// ones are the writes of a chunk all of whose synapses were written.
var ones = func() (ones [masks.ChunkSize]uint8) {
	for i := range ones {
		ones[i] = 1
	}
	return ones
}()

// countSpan counts the writes of neighbouring synapses, of which m0 were written: those where
// scale·delta is not 0. A clamp makes no update 0 unless it makes all of them 0.
func countSpan(window []uint8, delta []float32, scale float32, m0 int) {
	switch m0 {
	case 0:
	case len(delta):
		simd.AddBytes(window[:m0], ones[:])
	default:
		simd.CountProducts(window, delta, scale)
	}
}

// countBits is countSpan of the synapses whose bit is set, with updates factor·g.
func countBits(window []uint8, set []uint64, g []float32, factor float32, m0 int, work *scratch) {
	if m0 == 0 {
		return
	}
	written := work.bytes[:len(window)]
	clear(written)
	simd.CountProducts(written, g, factor)
	keepBits(work.bytes[:], set, len(window))
	simd.AddBytes(window, written)
}

// keepBits clears those of the first n bytes whose bit is not set, and returns how many bytes
// are 1; the others are 0. There is room for eight more.
func keepBits(bytes []uint8, set []uint64, n int) (count int) {
	for i := 0; i < n; i += 8 {
		word := binary.LittleEndian.Uint64(bytes[i:]) & spread[uint8(set[i/64]>>(i%64))]
		binary.LittleEndian.PutUint64(bytes[i:], word)
		count += bits.OnesCount64(word)
	}
	return count
}

// spread are the eight bytes, 1 or 0, of eight bits.
var spread = func() (spread [256]uint64) {
	for b := range spread {
		for i := range 8 {
			spread[b] |= uint64(b) >> i & 1 << (8 * i)
		}
	}
	return spread
}()
