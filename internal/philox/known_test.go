package philox

import (
	"encoding/binary"
	"hash/crc32"
	"testing"
)

// checksum returns that of 20 000 numbers.
func checksum(t *testing.T, numbers any) uint32 {
	t.Helper()
	sum := crc32.NewIEEE()
	if err := binary.Write(sum, binary.LittleEndian, numbers); err != nil {
		t.Fatal(err)
	}
	return sum.Sum32()
}

// Pairs are the same bits on every architecture, and those of math.Log and math.Sincos on
// amd64.
func TestKnownPairs(t *testing.T) {
	x := make([]float64, 20_000)
	New(1, "known").NormalPairs(2, 0, x)
	if sum := checksum(t, x); sum != 0xe04fab85 {
		t.Errorf("checksum %#x", sum)
	}
}
