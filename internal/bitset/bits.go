// Package bitset has sets of small numbers, stored as bits: number i is bit i%64 of word
// i/64.
package bitset

import "math/bits"

// Clip returns word, whose bits stand for numbers first … first+63, with the bits of
// numbers outside of [lo,hi) cleared.
func Clip(word uint64, first, lo, hi int) uint64 {
	if first < lo {
		word &= ^uint64(0) << (lo - first)
	}
	if first+64 > hi {
		word &= ^uint64(0) >> (first + 64 - hi)
	}
	return word
}

// Append appends the numbers in [lo,hi) whose bit is set in word, which stands for
// numbers first … first+63.
func Append(kept []int32, word uint64, first, lo, hi int) []int32 {
	for word = Clip(word, first, lo, hi); word != 0; word &= word - 1 {
		kept = append(kept, int32(first+bits.TrailingZeros64(word)))
	}
	return kept
}

// Shifted returns the n bits of a set from number first on, as words whose bit 0 is
// number first. If first is a multiple of 64 they are the set's own words and must not
// be modified; else they are written to to.
func Shifted(to, set []uint64, first, n int) []uint64 {
	set = set[first/64:]
	if first %= 64; first == 0 {
		return set
	}
	to = to[:(n+63)/64]
	for w := range to {
		to[w] = set[w] >> first
		if w+1 < len(set) {
			to[w] |= set[w+1] << (64 - first)
		}
	}
	return to
}

// Fill makes words the bits of numbers that are listed; bit 0 is that of number first.
func Fill(words []uint64, listed []int32, first int) {
	clear(words)
	for _, i := range listed {
		n := int(i) - first
		words[n/64] |= 1 << (n % 64)
	}
}

// Count returns how many of the first n bits of words are set.
func Count(words []uint64, n int) (count int) {
	for i, word := range words[:(n+63)/64] {
		count += bits.OnesCount64(Clip(word, 64*i, 0, n))
	}
	return count
}

// Zeroed returns a slice of n zeros, in the storage of s if its capacity suffices.
func Zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
