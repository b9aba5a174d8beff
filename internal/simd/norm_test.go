package simd

import "testing"

// Sums of squares are those of plain Go, at all levels and for every length.
func TestSquaredNorm(t *testing.T) {
	for _, l := range levels() {
		for n := range 50 {
			for _, wild := range []bool{false, true} {
				checkSquaredNorm(t, l, uint64(n), n, wild)
			}
		}
	}
}

func checkSquaredNorm(t *testing.T, l Level, seed uint64, n int, wild bool) {
	t.Helper()
	x := numbers(seed, n, wild)
	var lanes [4]float64
	for i, v := range x {
		lanes[i%4] += float64(v) * float64(v)
	}
	want := lanes[0] + lanes[1] + (lanes[2] + lanes[3])
	at(l, func() {
		if got := SquaredNorm(x); !same64([]float64{got}, []float64{want}) {
			t.Fatalf("%s, %d numbers, wild %t: %v, want %v", l, n, wild, got, want)
		}
	})
}

func FuzzSquaredNorm(f *testing.F) {
	f.Add(uint64(1), 33)
	f.Fuzz(func(t *testing.T, seed uint64, n int) {
		for _, l := range levels() {
			checkSquaredNorm(t, l, seed, int(uint(n)%5000), seed%2 == 0)
		}
	})
}
