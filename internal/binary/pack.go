package binary

import (
	"encoding/binary"
	"sync/atomic"

	"ergon/internal/parallel"
)

// packed are the bits of A [M,K], one for each number, and how they are written.
type packed struct {
	a           []float32
	rows, width int        // of A
	bits        [][]byte   // of each row, and behind it what is read of a word
	words       [][]uint64 // of each block of units: its bits of each row, and more behind them
	parts       int
	other       atomic.Bool // A holds something but zeros and ones
}

// worth is how many numbers are worth a goroutine's wake-up.
const worth = 1 << 16

func newPacked(a []float32, rows, width int) *packed {
	p := &packed{
		a: a, rows: rows, width: width, parts: ceil(rows*width, worth),
		bits: make([][]byte, rows), words: make([][]uint64, ceil(width, block)),
	}
	for r := range p.bits {
		p.bits[r] = make([]byte, len(p.words)*block/8+8)
	}
	for b := range p.words {
		p.words[b] = make([]uint64, rows)
	}
	return p
}

// packPart packs some rows.
func (p *packed) packPart(part int, pack func(bits []byte, x []float32) bool) {
	lo, hi := parallel.Split(p.rows, p.parts, part)
	for r := lo; r < hi && !p.other.Load(); r++ {
		if !pack(p.bits[r], p.a[r*p.width:][:p.width]) {
			p.other.Store(true)
			return
		}
		for b, words := range p.words {
			words[r] = binary.LittleEndian.Uint64(p.bits[r][b*block/8:])
		}
	}
}
