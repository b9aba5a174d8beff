package measure

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ergon/internal/philox"
)

// randomMatrix is a matrix of normal numbers, with or without numbers on its sides.
func randomMatrix(rows, cols int, scaled bool) Matrix {
	s := philox.New(1, fmt.Sprintf("test/%dx%d", rows, cols))
	m := Matrix{W: make([]float32, rows*cols), Rows: rows, Cols: cols}
	for i := range m.W {
		m.W[i] = float32(s.Normal(0, uint64(i)))
	}
	if scaled {
		for i := range rows {
			m.Left = append(m.Left, 0.1+math.Abs(s.Normal(1, uint64(i))))
		}
		for j := range cols {
			m.Right = append(m.Right, 0.1+math.Abs(s.Normal(2, uint64(j))))
		}
	}
	return m
}

// byDefinition are the singular values of diag(Left)·W·diag(Right) by gonum's SVD of the product.
func byDefinition(t *testing.T, m Matrix) []float64 {
	t.Helper()
	a := mat.NewDense(m.Rows, m.Cols, nil)
	for i := range m.Rows {
		for j := range m.Cols {
			x := float64(m.W[i*m.Cols+j])
			if m.Left != nil {
				x *= m.Left[i] * m.Right[j]
			}
			a.Set(i, j, x)
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		t.Fatal("the decomposition failed")
	}
	return svd.Values(nil)
}

func TestSingularValues(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 7}, {7, 1}, {5, 5}, {30, 12}, {12, 30}, {60, 60}, {100, 40}} {
		for _, scaled := range []bool{false, true} {
			m := randomMatrix(size[0], size[1], scaled)
			want, got := byDefinition(t, m), m.SingularValues()
			if len(got) != min(m.Rows, m.Cols) || len(want) != len(got) {
				t.Fatalf("%v: %d values, want %d", size, len(got), len(want))
			}
			for i, x := range want {
				// Squares are known to some 1e-16 of the largest, times the root of the size.
				if tolerance := 1e-14 * want[0] * want[0] / max(x, 1e-7*want[0]); math.Abs(got[i]-x) > tolerance {
					t.Errorf("%v, scaled %t: value %d is %.17g, want %.17g", size, scaled, i, got[i], x)
				}
			}
		}
	}
}

// A matrix of rank r has r singular values and zeros; that of rank 1 is |u||v|.
func TestSingularValuesOfLowRank(t *testing.T) {
	m := Matrix{W: []float32{3, 6, 9, 12, 4, 8, 12, 16}, Rows: 2, Cols: 4} // (3,4)ᵀ·(1,2,3,4)
	if got, want := m.SingularValues(), 5*math.Sqrt(30); math.Abs(got[0]-want) > 1e-13*want || got[1] < 0 || got[1] > 1e-7*want {
		t.Errorf("%v, want %v and 0", got, want)
	}
	for _, x := range (Matrix{W: make([]float32, 12), Rows: 3, Cols: 4}).SingularValues() {
		if x != 0 {
			t.Errorf("a zero matrix has the singular value %g", x)
		}
	}
}

// BenchmarkSingularValues is what an evaluation of a Boltzmann machine pays.
func BenchmarkSingularValues(b *testing.B) {
	for _, hidden := range []int{16, 100, 500, 784} {
		m := randomMatrix(784, hidden, true)
		b.Run(fmt.Sprintf("784x%d", hidden), func(b *testing.B) {
			for b.Loop() {
				m.SingularValues()
			}
		})
	}
}
