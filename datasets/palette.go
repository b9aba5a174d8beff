package datasets

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"ergon/internal/simd"
)

// palette gives the input of each byte.
type palette struct {
	table         [256]float32
	isLine        bool // all are scale·b + offset, computed in float64 and rounded
	scale, offset float64
	zeros         []byte // the bytes whose input is zero
	isHalved      bool   // those are the bytes below 128
}

// newPalette tabulates value. Vector registers compute a line faster than they look
// it up; it stands in for the table if it gives every byte the same bits.
func newPalette(value func(b float64) float64) *palette {
	p := &palette{scale: (value(255) - value(0)) / 255, offset: value(0)}
	var every [256]byte
	for b := range p.table {
		every[b], p.table[b] = byte(b), float32(value(float64(b)))
		if p.table[b] == 0 {
			p.zeros = append(p.zeros, byte(b))
		}
	}
	var line [256]float32
	simd.Affine(line[:], every[:], p.scale, p.offset)
	p.isLine = line == p.table
	p.isHalved = len(p.zeros) == 128 && p.zeros[127] == 127
	return p
}

// inputs writes those of the pixels to x, which is as long.
func (p *palette) inputs(x []float32, pixels []byte) {
	if p.isLine {
		simd.Affine(x, pixels, p.scale, p.offset)
		return
	}
	for i, b := range pixels {
		x[i] = p.table[b]
	}
}

// active returns how many of the pixels' inputs are not zero.
func (p *palette) active(pixels []byte) int {
	if p.isHalved {
		return countHighest(pixels)
	}
	n := len(pixels)
	for i := range p.zeros {
		n -= bytes.Count(pixels, p.zeros[i:i+1])
	}
	return n
}

// countHighest counts the pixels whose highest bit is set, eight at a time.
func countHighest(pixels []byte) (n int) {
	const highest = 0x8080808080808080
	for ; len(pixels) >= 8; pixels = pixels[8:] {
		n += bits.OnesCount64(binary.LittleEndian.Uint64(pixels) & highest)
	}
	for _, b := range pixels {
		n += int(b >> 7)
	}
	return n
}
