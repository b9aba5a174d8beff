package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Hidden variables move alike at every level, however many there are and wherever tanh is computed in another way.
func TestMetaplastic(t *testing.T) {
	for _, l := range levels() {
		for n := range 140 {
			checkMetaplastic(t, l, uint64(n), n, 1.35, n%2 == 0)
			checkMetaplastic(t, l, uint64(n), n, 0, false)
		}
		for seed := range uint64(40) {
			checkMetaplastic(t, l, seed, 4096, math.Ldexp(1, int(seed%8)-3), false)
		}
	}
}

func checkMetaplastic(t *testing.T, l Level, seed uint64, n int, m float64, wild bool) {
	t.Helper()
	type result struct {
		h, delta, w []float32
		flips       []uint64
		updates     int
	}
	compute := func() (r result) {
		s := rand.New(rand.NewPCG(seed, 1))
		r.h, r.delta, r.w = numbers(seed, n+3, wild), numbers(seed+1, n+3, wild), numbers(seed+2, n+3, wild)
		for i := range r.h {
			if !wild {
				r.h[i] = float32(s.NormFloat64())
				r.delta[i] = float32(math.Ldexp(s.NormFloat64(), -s.IntN(12)))
			}
			if i%5 == 1 || i/32%3 == 1 {
				r.delta[i] = 0
			}
		}
		r.flips = make([]uint64, (n+63)/64+1)
		for i := range r.flips {
			r.flips[i] = math.MaxUint64
		}
		r.updates = Metaplastic(r.h, r.delta[:n], r.w, m, r.flips)
		return r
	}
	var want, got result
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !sameBits(got.h, want.h) || slices.ContainsFunc(got.delta[:n], notZero) || !sameBits(got.delta[n:], want.delta[n:]) || !slices.Equal(got.flips, want.flips) || got.updates != want.updates {
		t.Fatalf("%s, %d synapses, m %v, wild %t, seed %d: %v, want %v", l, n, m, wild, seed, got, want)
	}
	if last := len(got.flips) - 1; got.flips[last] != math.MaxUint64 {
		t.Fatalf("%s: flags beyond %d synapses were set", l, n)
	}
}

func notZero(x float32) bool { return x != 0 }

// Vectors have the bits of math.Tanh for every size of its argument: products with numbers near 2⁶⁰ show them.
func TestMetaplasticTanh(t *testing.T) {
	for _, l := range levels() {
		for seed := range uint64(50) {
			const n = 4096
			s := rand.New(rand.NewPCG(seed, 2))
			h, delta, w, flips := make([]float32, n), make([]float32, n), make([]float32, n), make([]uint64, n/64)
			want := make([]float32, n)
			for i := range h {
				h[i] = float32(math.Exp(s.Float64()*14 - 8))
				delta[i] = -float32(math.Ldexp(1+s.Float64(), 60))
				want[i] = h[i] + effective(delta[i], h[i], 1)
			}
			at(l, func() { Metaplastic(h, delta, w, 1, flips) })
			if !sameBits(h, want) {
				t.Fatalf("%s: seed %d: other hidden variables", l, seed)
			}
		}
	}
}

func FuzzMetaplastic(f *testing.F) {
	f.Add(uint64(1), 100, 1.35, true)
	f.Add(uint64(2), 33, 20.0, false)
	f.Fuzz(func(t *testing.T, seed uint64, n int, m float64, wild bool) {
		if n < 0 || n > 5000 || !(m >= 0) || math.IsInf(m, 1) {
			t.Skip()
		}
		for _, l := range levels() {
			checkMetaplastic(t, l, seed, n, m, wild)
		}
	})
}

func BenchmarkMetaplastic(b *testing.B) {
	const n = 4096
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				updates := numbers(1, n, false)
				for i := range updates {
					updates[i] *= 1e-12
				}
				h, delta, flips := make([]float32, n), make([]float32, n), make([]uint64, n/64)
				for i := range h {
					h[i] = updates[(i+7)%n] * 1e6
				}
				b.SetBytes(12 * n)
				for b.Loop() {
					copy(delta, updates)
					Metaplastic(h, delta, h, 1.35, flips)
				}
			})
		})
	}
}
