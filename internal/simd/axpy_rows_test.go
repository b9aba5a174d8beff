package simd

import (
	"fmt"
	"testing"
)

// Rows are added as one by one in plain Go, at all levels, for every length, and nothing beyond.
func TestAxpyRows(t *testing.T) {
	for _, l := range levels() {
		for n := range 40 {
			for _, gap := range []int{0, 3} {
				for seed := range uint64(6) {
					checkAxpyRows(t, l, seed, n, gap, seed%2 == 1)
				}
			}
		}
	}
}

func checkAxpyRows(t *testing.T, l Level, seed uint64, n, gap int, wild bool) {
	t.Helper()
	const rows = 13
	x, w, listed := numbers(seed+1, rows, wild), numbers(seed+2, rows*(n+gap), wild), make([]int32, rows)
	for i := 0; i < rows; i += 1 + int(seed) {
		x[i] = 0
	}
	listed = Nonzeros(x, listed)
	got, want := make([]float64, n+gap), make([]float64, n+gap)
	for j := range got {
		got[j], want[j] = float64(j), float64(j)
	}
	for row, v := range x {
		for j := range n {
			if v != 0 {
				want[j] += float64(v) * float64(w[row*(n+gap)+j])
			}
		}
	}
	at(l, func() { AxpyRows(got[:n], w, n+gap, x, listed) })
	if !same64(got, want) {
		t.Fatalf("%s, rows of %d, gap %d, seed %d, wild %t: %v, want %v", l, n, gap, seed, wild, got, want)
	}
}

func FuzzAxpyRows(f *testing.F) {
	f.Add(uint64(1), 33, 1)
	f.Fuzz(func(t *testing.T, seed uint64, n, gap int) {
		for _, l := range levels() {
			checkAxpyRows(t, l, seed%1e6, int(uint(n)%600), int(uint(gap)%20), seed%2 == 0)
		}
	})
}

func BenchmarkAxpyRows(b *testing.B) {
	const rows = 150
	for _, n := range []int{10, 100, 512} {
		for _, l := range levels() {
			w, x, acc, listed := make([]float32, rows*n), make([]float32, rows), make([]float64, n), make([]int32, rows)
			for i := range x {
				x[i], listed[i] = float32(i+1)/rows, int32(i)
			}
			b.Run(fmt.Sprintf("%d/%s", n, l), func(b *testing.B) {
				at(l, func() {
					for b.Loop() {
						AxpyRows(acc, w, n, x, listed)
					}
				})
			})
			b.Run(fmt.Sprintf("%d/%s/single", n, l), func(b *testing.B) {
				at(l, func() {
					for b.Loop() {
						for i, v := range x {
							Axpy(acc, w[i*n:(i+1)*n], v)
						}
					}
				})
			})
		}
	}
}
