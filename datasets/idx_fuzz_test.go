package datasets

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"ergon/internal/bounded/boundedtest"
)

// FuzzIDX: whatever the bytes, ReadIDX does not panic and gives a FormatError or
// an array that WriteIDX turns into the same content again.
func FuzzIDX(f *testing.F) {
	gz := gzipped(f, small)
	for _, seed := range [][]byte{
		nil, small, gz, small[:15], gz[:len(gz)-3], append(gz[:len(gz):len(gz)], gz...),
		idxBytes([]uint32{3}, []byte{7, 2, 1}), gzipped(f, idxBytes([]uint32{3}, []byte{7, 2, 1})),
		idxBytes([]uint32{1 << 31, 1 << 31, 1 << 31}, nil), idxBytes([]uint32{1<<32 - 1}, nil),
		idxBytes([]uint32{0, 28, 28}, nil), idxBytes([]uint32{1 << 10, 1 << 10, 1 << 10}, small),
		{0x1f, 0x8b}, {0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 255, 255}, {0, 0, 13, 3}, {0, 0, 8, 0},
	} {
		f.Add(seed, uint8(3))
		f.Add(seed, uint8(1))
	}
	f.Fuzz(func(t *testing.T, b []byte, rank uint8) {
		var x *IDX
		var err error
		boundedtest.AtMost(t, twice, expanded(b), func() { x, err = ReadIDX(bytes.NewReader(b), Want{"f", int(rank)}) })
		if err != nil {
			if _, ok := errors.AsType[*FormatError](err); !ok || x != nil {
				t.Fatalf("result %v, error %T %v", x, err, err)
			}
			return
		}
		var again bytes.Buffer
		if err := WriteIDX(&again, x); err != nil {
			t.Fatal(err)
		}
		if r, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if b, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(again.Bytes(), b) {
			t.Fatalf("%x became %x", b, again.Bytes())
		}
	})
}

// A quick round of random damage, for runs without the fuzzer: every bit of the
// header and of a gzip file flipped, and random bytes overwritten.
func TestReadIDXDamaged(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, whole := range [][]byte{small, gzipped(t, small)} {
		for bit := range 8 * len(whole) {
			b := bytes.Clone(whole)
			b[bit/8] ^= 1 << (bit % 8)
			_, _ = ReadIDX(bytes.NewReader(b), Want{"f", 3})
		}
		for range 4000 {
			b := bytes.Clone(whole)
			for range 1 + rng.IntN(4) {
				b[rng.IntN(len(b))] = byte(rng.Uint32())
			}
			if x, err := ReadIDX(bytes.NewReader(b), Want{"f", 3}); err == nil && len(x.Data) != product(x.Dims) {
				t.Fatalf("%x: %d bytes for %v", b, len(x.Data), x.Dims)
			}
		}
	}
}
