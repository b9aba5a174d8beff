package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Words are compared alike at every level, however many there are, those that equal a limit included.
func TestWithin(t *testing.T) {
	for _, l := range levels() {
		for n := range 200 {
			checkWithin(t, l, uint64(n), n, 1<<32/0.002, n%2 == 0)
			checkWithin(t, l, uint64(n), n, 1, false)
		}
	}
}

func checkWithin(t *testing.T, l Level, seed uint64, n int, scale float64, wild bool) {
	t.Helper()
	s, x, words := rand.New(rand.NewPCG(seed, 3)), numbers(seed, n, wild), make([]uint32, n)
	for i := range words {
		switch words[i] = s.Uint32(); i % 8 {
		case 1:
			x[i] = float32(float64(words[i]) / scale)
		case 2:
			words[i] = math.MaxUint32
		case 3:
			words[i] = 0
		case 4:
			x[i] = 0
		case 5:
			x[i] = -float32(s.Float64() * 0x1p32 / scale)
		}
	}
	compute := func() []uint64 {
		bits := slices.Repeat([]uint64{math.MaxUint64}, (n+63)/64+1)
		Within(bits, words, x, scale)
		return bits
	}
	var want, got []uint64
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !slices.Equal(got, want) || got[len(got)-1] != math.MaxUint64 {
		t.Fatalf("%s, %d words: %x, want %x", l, n, got, want)
	}
}

func FuzzWithin(f *testing.F) {
	f.Add(uint64(1), 100, 1e10, true)
	f.Fuzz(func(t *testing.T, seed uint64, n int, scale float64, wild bool) {
		if n < 0 || n > 5000 || !(scale > 0) {
			t.Skip()
		}
		for _, l := range levels() {
			checkWithin(t, l, seed, n, scale, wild)
		}
	})
}
