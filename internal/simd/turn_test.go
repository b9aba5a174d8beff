package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Directions turn alike at every level, however many and wide they are.
func TestTurn(t *testing.T) {
	for _, l := range levels() {
		for _, rank := range []int{1, 2, 5, 31} {
			for width := rank; width < rank+40; width++ {
				checkTurn(t, l, uint64(width), rank, width, width%3 == 0)
			}
		}
	}
}

func checkTurn(t *testing.T, l Level, seed uint64, rank, width int, wild bool) {
	t.Helper()
	s := rand.New(rand.NewPCG(seed, 4))
	rows, added := make([]float64, rank*(rank+1)), make([]float64, width)
	for i := range rows {
		rows[i] = s.NormFloat64()
	}
	for i := range added {
		added[i] = s.NormFloat64()
	}
	if seed%3 == 1 { // the last direction stays what it is
		clear(rows[(rank-1)*(rank+1):])
		rows[len(rows)-2] = 1
	}
	type result struct {
		directions []float32
		changed    int
	}
	compute := func() (r result) {
		r.directions = numbers(seed, rank*width, wild)
		r.changed = Turn(r.directions, rows, added, make([]float32, rank*width))
		return r
	}
	var want, got result
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !sameBits(got.directions, want.directions) || got.changed != want.changed {
		t.Fatalf("%s, %d directions of %d: %v, want %v", l, rank, width, got, want)
	}
}

func TestLargest(t *testing.T) {
	for _, l := range levels() {
		for n := range 100 {
			checkLargest(t, l, numbers(uint64(n), n, n%2 == 0))
			alone := make([]float32, n+1)
			alone[n/2] = -3
			checkLargest(t, l, alone)
		}
	}
}

func checkLargest(t *testing.T, l Level, x []float32) {
	t.Helper()
	want := 0.0
	for _, v := range x {
		want = max(want, math.Abs(float64(v)))
	}
	at(l, func() {
		if got := float64(Largest(x)); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%s: largest of %v is %v, want %v", l, x, got, want)
		}
	})
}

func FuzzTurn(f *testing.F) {
	f.Add(uint64(1), uint8(4), uint8(100), true)
	f.Fuzz(func(t *testing.T, seed uint64, rank, width uint8, wild bool) {
		for _, l := range levels() {
			checkTurn(t, l, seed, 1+int(rank%31), 1+int(width), wild)
			checkLargest(t, l, numbers(seed, int(width), wild))
		}
	})
}
