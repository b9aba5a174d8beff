package gputest

import (
	"slices"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/philox"
)

// philoxArguments is the twin of philox.cuh's Philox.
type philoxArguments struct {
	Words                                 gpu.Pointer
	Key0, Key1, StepLow, StepHigh, Blocks uint32
}

// launchPhilox queues n blocks of words, into an array that begins at at.
func launchPhilox(d gpu.Device, at gpu.Pointer, key [2]uint32, step uint64, n int) error {
	return gpu.Launch(d, "philox", gpu.Blocks(n), 1,
		philoxArguments{at, key[0], key[1], uint32(step), uint32(step >> 32), uint32(n)})
}

// philoxWords compares the known answers of Random123 (kat_vectors, philox4x32 10)
// and the words of package philox.
func philoxWords(t *testing.T, d gpu.Device) {
	for _, n := range []int{1, 255, 257, 3000} {
		words := array[uint32](t, d, 4*n)
		check(t, launchPhilox(d, words.Pointer, [2]uint32{}, 0, n))
		if got, want := download(t, words)[:4], []uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}; !slices.Equal(got, want) {
			t.Fatalf("block 0 of key 0 is %x, want %x", got, want)
		}
		key, step := [2]uint32{0x12345678, 0x9abcdef0}, uint64(7+1<<32)
		check(t, launchPhilox(d, words.Pointer, key, step, n))
		if got := download(t, words); !slices.Equal(got, philoxWant(key, step, n)) {
			t.Errorf("%d blocks of words are not package philox's", n)
		}
	}
}

func philoxWant(key [2]uint32, step uint64, n int) []uint32 {
	var words []uint32
	for b := range n {
		block := philox.Cipher([4]uint32{uint32(b), 0, uint32(step), uint32(step >> 32)}, key)
		words = append(words, block[:]...)
	}
	return words
}

func wrongLaunches(t *testing.T, d gpu.Device) {
	words := array[uint32](t, d, 4)
	right := philoxArguments{Words: words.Pointer, Blocks: 1}
	fails(t, "a kernel that does not exist", gpu.Launch(d, "phlox", 1, 1, right))
	fails(t, "too many arguments", gpu.Launch(d, "philox", 1, 1, [2]philoxArguments{right, right}))
	fails(t, "too few arguments", gpu.Launch(d, "philox", 1, 1, words.Pointer))
	fails(t, "no blocks", gpu.Launch(d, "philox", 0, 1, right))
	fails(t, "no networks", gpu.Launch(d, "philox", 1, 0, right))
	fails(t, "more networks than a grid is high", gpu.Launch(d, "philox", 1, 65536, right))
	check(t, gpu.Launch(d, "philox", 1, 1, right)) // a mistake leaves nothing behind
	if got, want := download(t, words), philoxWant([2]uint32{}, 0, 1); !slices.Equal(got, want) {
		t.Errorf("after failed launches the words are %x, want %x", got, want)
	}
}
