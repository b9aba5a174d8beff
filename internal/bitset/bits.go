// Package bitset has sets of small numbers as bits: number i is bit i%64 of word i/64.
package bitset

import "math/bits"

// Clip returns the bits of entries first … first+63 without those of entries
// outside of [lo,hi).
func Clip(word uint64, first, lo, hi int) uint64 {
	if first < lo {
		word &= ^uint64(0) << (lo - first)
	}
	if first+64 > hi {
		word &= ^uint64(0) >> (first + 64 - hi)
	}
	return word
}

// Append appends those of entries first … first+63 that are in [lo,hi) and
// whose bit is set.
func Append(kept []int32, word uint64, first, lo, hi int) []int32 {
	for word = Clip(word, first, lo, hi); word != 0; word &= word - 1 {
		kept = append(kept, int32(first+bits.TrailingZeros64(word)))
	}
	return kept
}

// Shifted returns n bits of a set from number first on: in the set's own words
// where these begin there, else in to.
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

// Zeroed returns n zeros, in s's own storage where it suffices.
func Zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
