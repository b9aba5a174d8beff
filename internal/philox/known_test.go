package philox

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// Normal numbers are the same bits on every architecture and in every version: checksums
// of 20 000 numbers, from before there were vector registers for them.
func TestKnownNormals(t *testing.T) {
	s := New(1, "known")
	pairs, quantiles := make([]float64, 20_000), make([]float32, 20_000)
	s.NormalPairs(2, 0, pairs)
	s.Normals(2, 0, quantiles)
	for _, c := range []struct {
		numbers any
		want    uint32
	}{{pairs, 0xe04fab85}, {quantiles, 0x7c5f0055}} {
		sum := crc32.NewIEEE()
		if err := binary.Write(sum, binary.LittleEndian, c.numbers); err != nil {
			t.Fatal(err)
		}
		if sum.Sum32() != c.want {
			t.Errorf("%T: checksum %#x, want %#x", c.numbers, sum.Sum32(), c.want)
		}
	}
}
