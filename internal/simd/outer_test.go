package simd

import (
	"fmt"
	"math"
	"testing"
)

// Rows of an outer product are learned as one by one in plain Go, at all levels, for every length,
// whether clipped, rounded to zero, no numbers or none of these.
func TestRowsOfOuterProducts(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, l := range levels() {
		for n := range 150 {
			for _, wild := range []bool{false, true} {
				for _, bound := range []float32{0.05, inf} {
					checkOuterRows(t, l, uint64(n), n, wild, -0.3, bound)
				}
			}
			checkOuterRows(t, l, uint64(n), n, false, 1e-38, inf)
			checkOuterRows(t, l, uint64(n), n, false, 0, 1)
			checkOuterRows(t, l, uint64(n), n, true, inf, 1)
		}
	}
}

func checkOuterRows(t *testing.T, l Level, seed uint64, n int, wild bool, minus, bound float32) {
	t.Helper()
	const rows, beside = 12, 3
	x, dz := numbers(seed+1, rows, wild), numbers(seed+2, n+beside, wild)
	for j := range dz {
		switch {
		case seed%3 == 1: // so small that nothing is clipped
			dz[j] *= 1e-9
		case seed%3 == 2 && j%2 > 0:
			dz[j] = 0
		}
	}
	for i := 0; i < rows; i += 5 {
		x[i] = 0
	}
	listed := make([]int32, rows)
	listed = Nonzeros(x, listed)
	from, stride := int(seed%(beside+1)), n+beside
	want, wantSums := numbers(seed+3, rows*stride, wild), Sums{}
	got, sums := append([]float32(nil), want...), Sums{}
	var m0, stored int
	at(Portable, func() {
		for row, v := range x {
			if v != 0 {
				changed, moved := ApplyOuter(want[row*stride+from:][:n], dz[from:from+n], v, minus, 1, bound, &wantSums, row*stride+from)
				m0, stored = m0+changed, stored+moved
			}
		}
	})
	at(l, func() {
		var o Outer
		o.Set(dz, minus, bound)
		gotM0, gotStored := o.ApplyRows(got, x, listed, from, from+n, &sums)
		if gotM0 != m0 || gotStored != stored || !sameBits(got, want) || !sameSums(sums, wantSums) {
			t.Fatalf("%s, rows of %d, seed %d, wild %t, minus %v, bound %v: %d, %d, %v, %v, want %d, %d, %v, %v",
				l, n, seed, wild, minus, bound, gotM0, gotStored, sums, got, m0, stored, wantSums, want)
		}
	})
}

// One row is learned as the rows of a matrix are, at all levels, also where minus is infinite.
func TestRowOfOuterProduct(t *testing.T) {
	for _, l := range levels() {
		for _, minus := range []float32{-0.3, float32(math.Inf(1))} {
			for n := 1; n < 40; n++ {
				dz, want, wantSums := numbers(1, n, true), numbers(2, n, true), Sums{}
				got, sums := append([]float32(nil), want...), Sums{}
				var m0, stored, gotM0, gotStored int
				at(Portable, func() { m0, stored = ApplyOuter(want, dz, 0.5, minus, 1, 1, &wantSums, 3) })
				at(l, func() { gotM0, gotStored = ApplyOuter(got, dz, 0.5, minus, 1, 1, &sums, 3) })
				if gotM0 != m0 || gotStored != stored || !sameBits(got, want) || !sameSums(sums, wantSums) {
					t.Fatalf("%s, row of %d, minus %v: %d, %d, want %d, %d", l, n, minus, gotM0, gotStored, m0, stored)
				}
			}
		}
	}
}

func FuzzOuterRows(f *testing.F) {
	f.Add(uint64(1), 33, float32(0.5), float32(0.01))
	f.Fuzz(func(t *testing.T, seed uint64, n int, minus, bound float32) {
		if !(bound > 0) {
			bound = 1
		}
		for _, l := range levels() {
			checkOuterRows(t, l, seed, int(uint(n)%600), seed%2 == 0, minus, bound)
		}
	})
}

func BenchmarkOuterRows(b *testing.B) {
	const rows = 150
	for _, n := range []int{10, 100, 512} {
		for _, l := range levels() {
			w, x, dz := make([]float32, rows*n), make([]float32, rows), make([]float32, n)
			listed := make([]int32, rows)
			for i := range x {
				x[i], listed[i] = float32(i+1)/rows, int32(i)
			}
			for j := range dz {
				dz[j] = float32(j%7-3) * 1e-3
			}
			b.Run(fmt.Sprintf("%d/%s", n, l), func(b *testing.B) {
				at(l, func() {
					var o Outer
					var sums Sums
					o.Set(dz, -0.1, 0.01)
					for b.Loop() {
						o.ApplyRows(w, x, listed, 0, n, &sums)
					}
				})
			})
			b.Run(fmt.Sprintf("%d/%s/single", n, l), func(b *testing.B) {
				at(l, func() {
					var sums Sums
					for b.Loop() {
						for i, v := range x {
							ApplyOuter(w[i*n:(i+1)*n], dz, v, -0.1, 1, 0.01, &sums, i*n)
						}
					}
				})
			})
		}
	}
}
