package simd

import "testing"

// Sums of rows and products of rows are those of the plain loops, to the last bit,
// at all levels.
func TestMatrix(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 9} {
		for n := range 150 {
			checkMatrix(t, uint64(n), rows, n, n%5, n%2 == 0)
		}
	}
}

func FuzzMatrix(f *testing.F) {
	f.Add(uint64(1), 3, 33, 1)
	f.Fuzz(func(t *testing.T, seed uint64, rows, n, gap int) {
		checkMatrix(t, seed, 1+int(uint(rows)%40), int(uint(n)%700), int(uint(gap)%20), seed%2 == 0)
	})
}

// checkMatrix checks a matrix of rows that are n long, with a gap between them.
func checkMatrix(t *testing.T, seed uint64, rows, n, gap int, wild bool) {
	t.Helper()
	stride := n + gap
	a, x := numbers(seed, rows*stride, wild), numbers(seed+1, n, wild)
	for _, l := range levels() {
		at(l, func() {
			all, sums := guarded(make([]float32, n), gap)
			if n > 0 {
				SumRows(sums, a, rows, stride)
			}
			if want := summed(a, rows, stride, n); !sameBits(sums, want) || !unharmed(all, sums, gap) {
				t.Fatalf("%s, %d rows of %d, %d apart: SumRows gives %v, want %v", l, rows, n, stride, all, want)
			}
			all, products := guarded(make([]float32, rows), gap)
			Dots(products, a, x)
			if want := multiplied(a, x, rows); !sameBits(products, want) || !unharmed(all, products, gap) {
				t.Fatalf("%s, %d rows of %d: Dots gives %v, want %v", l, rows, n, all, want)
			}
			checkAxpy(t, l, x, gap)
		})
	}
}

func summed(a []float32, rows, stride, n int) []float32 {
	sums := append([]float32(nil), a[:n]...)
	for row := 1; row < rows; row++ {
		for j := range sums {
			sums[j] += a[row*stride+j]
		}
	}
	return sums
}

// multiplied adds up the products of each row in the lanes that Dots promises.
func multiplied(w, x []float32, rows int) []float32 {
	products := make([]float32, rows)
	for row := range products {
		var lane [8]float64
		for i, v := range x {
			lane[i%8] += float64(w[row*len(x)+i]) * float64(v)
		}
		for half := 4; half > 0; half /= 2 {
			for i := range half {
				lane[i] += lane[i+half]
			}
		}
		products[row] = float32(lane[0])
	}
	return products
}

// checkAxpy checks that Axpy ends where it should.
func checkAxpy(t *testing.T, l Level, w []float32, offset int) {
	t.Helper()
	acc, want := make([]float64, offset+len(w)+9), make([]float64, offset+len(w)+9)
	for i := range acc {
		acc[i], want[i] = float64(i)-3, float64(i)-3
	}
	factor := float32(0.7)
	for i, v := range w {
		want[offset+i] += float64(factor) * float64(v)
	}
	if Axpy(acc[offset:], w, factor); !same64(acc, want) {
		t.Fatalf("%s, %d numbers: Axpy gives %v, want %v", l, len(w), acc, want)
	}
}
