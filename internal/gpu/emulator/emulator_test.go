//go:build linux

package emulator

import (
	"slices"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/philox"
)

// The known answers of Random123 (kat_vectors, philox4x32 10) and a stream's words.
func TestPhilox(t *testing.T) {
	d := Test(t)
	words, err := gpu.New[uint32](d, 4*300)
	if err != nil {
		t.Fatal(err)
	}
	type arguments struct {
		Words                            gpu.Pointer
		Key0, Key1, StepLow, StepHigh, N uint32
	}
	got := make([]uint32, 4*300)
	draw := func(a arguments) {
		t.Helper()
		a.Words, a.N = words.Pointer, 300
		if err := gpu.Launch(d, "philox", gpu.Blocks(300), 1, a); err != nil {
			t.Fatal(err)
		}
		if err := words.Download(got); err != nil {
			t.Fatal(err)
		}
	}
	draw(arguments{})
	if want := []uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}; !slices.Equal(got[:4], want) {
		t.Errorf("block 0 of key 0 is %x, want %x", got[:4], want)
	}
	draw(arguments{Key0: 0x12345678, Key1: 0x9abcdef0, StepLow: 7, StepHigh: 1})
	for b := range 300 {
		want := philox.Cipher([4]uint32{uint32(b), 0, 7, 1}, [2]uint32{0x12345678, 0x9abcdef0})
		if !slices.Equal(got[4*b:4*b+4], want[:]) {
			t.Fatalf("block %d is %x, want %x", b, got[4*b:4*b+4], want)
		}
	}
}
