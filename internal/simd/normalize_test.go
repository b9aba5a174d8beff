package simd

import (
	"fmt"
	"math"
	"testing"
)

// The loops by channel are their definitions to the bit, at all levels, for rows that are
// whole vectors and rows that are not, and touch nothing beyond.
func TestNormalize(t *testing.T) {
	for _, width := range []int{1, 3, 8, 16, 40, 48, 64, 80, 144} {
		for _, rows := range []int{1, 2, 5} {
			for offset := range 3 {
				checkNormalize(t, uint64(width*10+rows), width, rows, offset)
			}
		}
	}
}

// FuzzNormalize draws other sizes, numbers and places.
func FuzzNormalize(f *testing.F) {
	f.Add(uint64(1), 64, 7, 1)
	f.Fuzz(func(t *testing.T, seed uint64, width, rows, offset int) {
		checkNormalize(t, seed, 1+int(uint(width)%200), 1+int(uint(rows)%20), int(uint(offset)%16))
	})
}

func checkNormalize(t *testing.T, seed uint64, width, rows, offset int) {
	t.Helper()
	n := width * rows
	d, a := numbers(seed, n, false), numbers(seed+1, n, false)
	var of [4][]float32 // mean, scale, shift, slope
	for i := range of {
		of[i] = numbers(seed+2+uint64(i), width, false)
	}
	for _, l := range levels() {
		at(l, func() {
			for what, c := range map[string]struct {
				size int
				run  func(dst []float32)
				want func(i int) float32
			}{
				"squares": {width, func(dst []float32) { SumSquares(dst, a, of[0]) }, func(j int) (sum float32) {
					for i := j; i < n; i += width {
						x := a[i] - of[0][j]
						sum += float32(x * x)
					}
					return sum
				}},
				"products": {width, func(dst []float32) { SumProducts(dst, d, a, of[0]) }, func(j int) (sum float32) {
					for i := j; i < n; i += width {
						sum += float32(d[i] * float32(a[i]-of[0][j]))
					}
					return sum
				}},
				"normalized": {n, func(dst []float32) { Normalize(dst, a, of[0], of[1]) }, func(i int) float32 {
					return float32(a[i]-of[0][i%width]) * of[1][i%width]
				}},
				"cut off": {n - width/2, func(dst []float32) { Normalize(dst, a, of[0], of[1]) }, func(i int) float32 {
					return float32(a[i]-of[0][i%width]) * of[1][i%width]
				}},
				"error": {n, func(dst []float32) { NormalizeError(dst, d, a, of[0], of[1], of[2], of[3]) }, func(i int) float32 {
					j := i % width
					return float32(float32(d[i]-of[2][j])-float32(float32(a[i]-of[0][j])*of[3][j])) * of[1][j]
				}},
			} {
				name := fmt.Sprintf("%s, %s: %d rows of %d at %d", l, what, rows, width, offset)
				all, dst := guarded(make([]float32, c.size), offset)
				c.run(dst)
				for i, got := range dst {
					if want := c.want(i); math.Float32bits(got) != math.Float32bits(want) && !(got != got && want != want) {
						t.Fatalf("%s: number %d is %v, by definition %v", name, i, got, want)
					}
				}
				if !unharmed(all, dst, offset) {
					t.Fatalf("%s: wrote beyond", name)
				}
			}
		})
	}
}
