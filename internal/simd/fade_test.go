package simd

import (
	"math"
	"slices"
	"testing"
)

// Numbers fade alike at every level, however many there are, with a bound and without.
func TestFade(t *testing.T) {
	for _, l := range levels() {
		for n := range 100 {
			for _, wild := range []bool{false, true} {
				checkFade(t, l, uint64(n), n, 0.5, wild)
				checkFade(t, l, uint64(n), n, float32(math.Inf(1)), wild)
			}
		}
	}
}

func checkFade(t *testing.T, l Level, seed uint64, n int, bound float32, wild bool) {
	t.Helper()
	type result struct {
		a, delta []float32
		amount   [BlockLanes]float64
		updates  int
	}
	compute := func() (r result) {
		r.a, r.delta = numbers(seed, n+3, wild), numbers(seed+1, n+3, wild)
		for i := range r.a {
			r.a[i] = max(min(r.a[i], bound), -bound)
			if i%5 == 1 || i/32%3 == 1 {
				r.delta[i] = 0
			}
		}
		r.updates = Fade(r.a, r.delta[:n], bound, 1/bound, &r.amount)
		return r
	}
	var want, got result
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !sameBits(got.a, want.a) || !same64(got.amount[:], want.amount[:]) || got.updates != want.updates {
		t.Fatalf("%s, %d numbers, bound %v, wild %t: %v, want %v", l, n, bound, wild, got, want)
	}
	if slices.ContainsFunc(got.delta[:n], notZero) || !sameBits(got.delta[n:], want.delta[n:]) {
		t.Fatalf("%s, %d numbers: updates are %v, want %v", l, n, got.delta, want.delta)
	}
}

func FuzzFade(f *testing.F) {
	f.Add(uint64(1), 100, float32(0.5), true)
	f.Fuzz(func(t *testing.T, seed uint64, n int, bound float32, wild bool) {
		if n < 0 || n > 5000 || !(bound > 0) {
			t.Skip()
		}
		for _, l := range levels() {
			checkFade(t, l, seed, n, bound, wild)
		}
	})
}
