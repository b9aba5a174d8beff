package bitset

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawSet draws a set of numbers below n as bits and as a list.
func drawSet(t *rapid.T, n int) (words []uint64, list []int32) {
	words = make([]uint64, (n+63)/64)
	for w := range words {
		words[w] = Clip(rapid.Uint64().Draw(t, "word"), 64*w, 0, n)
	}
	for i := range n {
		if words[i/64]>>(i%64)&1 == 1 {
			list = append(list, int32(i))
		}
	}
	return words, list
}

// Append finds the numbers of any range of a set.
func TestAppend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		words, list := drawSet(t, n)
		lo := rapid.IntRange(0, n-1).Draw(t, "lo")
		hi := rapid.IntRange(lo+1, n).Draw(t, "hi")
		var got []int32
		for w := lo / 64; 64*w < hi; w++ {
			got = Append(got, words[w], 64*w, lo, hi)
		}
		want := slices.DeleteFunc(list, func(i int32) bool { return int(i) < lo || int(i) >= hi })
		if !slices.Equal(got, want) {
			t.Fatalf("[%d,%d): %v, want %v", lo, hi, got, want)
		}
	})
}

// Shifted has the same members as the set from any number on.
func TestShifted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		words, list := drawSet(t, n)
		first := rapid.IntRange(0, n-1).Draw(t, "first")
		shifted := Shifted(make([]uint64, len(words)), words, first, n-first)
		for i := range n - first {
			if got := shifted[i/64]>>(i%64)&1 == 1; got != slices.Contains(list, int32(first+i)) {
				t.Fatalf("number %d from %d on: %t", i, first, got)
			}
		}
	})
}

// Fill has the members listed, and Count counts those below a number.
func TestFillAndCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, first := rapid.IntRange(1, 300).Draw(t, "n"), rapid.IntRange(0, 1000).Draw(t, "first")
		words, list := drawSet(t, n)
		filled := slices.Repeat([]uint64{^uint64(0)}, len(words))
		moved := slices.Clone(list)
		for i := range moved {
			moved[i] += int32(first)
		}
		if Fill(filled, moved, first); !slices.Equal(filled, words) {
			t.Fatalf("%v from %d on: %v, want %v", moved, first, filled, words)
		}
		below := rapid.IntRange(0, n).Draw(t, "below")
		want := len(slices.DeleteFunc(list, func(i int32) bool { return int(i) >= below }))
		if got := Count(words, below); got != want {
			t.Fatalf("%d of %v below %d, want %d", got, words, below, want)
		}
	})
}

// Zeroed uses the storage there is, if it suffices.
func TestZeroed(t *testing.T) {
	storage := []uint64{1, 2, 3}
	if got := Zeroed(storage, 2); !slices.Equal(got, []uint64{0, 0}) || &got[0] != &storage[0] || storage[2] != 3 {
		t.Errorf("%v in %v", got, storage)
	}
	if got := Zeroed(storage, 4); !slices.Equal(got, make([]uint64, 4)) {
		t.Errorf("%v, want four zeros", got)
	}
}
