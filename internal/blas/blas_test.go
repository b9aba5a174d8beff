package blas

import (
	"math"
	"strings"
	"testing"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

func libraries(t testing.TB) []Library {
	all := []Library{gonumLibrary{}, own{}}
	if o, err := Open("openblas"); err == nil {
		all = append(all, o)
	} else {
		t.Log(err)
	}
	return all
}

func random(stream string, n int) []float32 {
	s, x := philox.New(1, stream), make([]float32, n)
	for i := range x {
		x[i] = float32(s.Normal(0, uint64(i)))
	}
	return x
}

// product is the obvious triple loop, in float64, on row-major matrices.
func product(transA, transB bool, m, n, k int, a, b []float32, c []float32, beta float64) []float64 {
	out := make([]float64, m*n)
	for i := range m {
		for j := range n {
			sum := beta * float64(c[i*n+j])
			for l := range k {
				ia, ib := i*k+l, l*n+j
				if transA {
					ia = l*m + i
				}
				if transB {
					ib = j*k + l
				}
				sum += float64(a[ia]) * float64(b[ib])
			}
			out[i*n+j] = sum
		}
	}
	return out
}

func TestProductAgreesWithTheTripleLoop(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	shapes := [][3]int{{1, 1, 1}, {1, 10, 7}, {5, 3, 2}, {32, 100, 50}, {65, 193, 33}, {130, 200, 90}, {300, 10, 128}}
	for _, library := range libraries(t) {
		for _, shape := range shapes {
			for flags := range 8 {
				m, n, k := shape[0], shape[1], shape[2]
				p := Product{
					Library: library, Pool: pool, M: m, N: n, K: k,
					TransA: flags&1 != 0, TransB: flags&2 != 0, Accumulate: flags&4 != 0,
					A: random("a", m*k), B: random("b", k*n), C: random("c", m*n),
				}
				beta := 0.0
				if p.Accumulate {
					beta = 1
				}
				want := product(p.TransA, p.TransB, m, n, k, p.A, p.B, p.C, beta)
				p.Compile()()
				for i := range want {
					// k products of N(0,1) numbers: the rounding error grows like √k·2^-24.
					if math.Abs(float64(p.C[i])-want[i]) > 1e-6*math.Sqrt(float64(k))*8 {
						t.Fatalf("%s %v flags %03b: C[%d] = %v, want %v", library.Name(), shape, flags, i, p.C[i], want[i])
					}
				}
			}
		}
	}
}

// Every element is covered once by the blocks handed to Prologue and Epilogue.
func TestProductBlocksCoverC(t *testing.T) {
	const m, n, k = 257, 513, 300
	pool := parallel.New(2)
	defer pool.Close()
	covered := make([]int, m*n)
	visit := func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			for c := c0; c < c1; c++ {
				covered[r*n+c]++
			}
		}
	}
	Product{
		Library: gonumLibrary{}, Pool: pool, M: m, N: n, K: k,
		A: make([]float32, m*k), B: make([]float32, k*n), C: make([]float32, m*n), Prologue: visit, Epilogue: visit,
	}.Compile()()
	for i, times := range covered {
		if times != 2 {
			t.Fatalf("element %d was visited %d times, want 2", i, times)
		}
	}
}

func TestProductIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	const m, n, k = 128, 512, 300
	for _, library := range libraries(t) {
		var first []float32
		for _, workers := range []int{1, 2, 5} {
			pool := parallel.New(workers)
			p := Product{Library: library, Pool: pool, M: m, N: n, K: k, A: random("a", m*k), B: random("b", k*n), C: make([]float32, m*n)}
			p.Compile()()
			pool.Close()
			if first == nil {
				first = p.C
			}
			for i := range first {
				if first[i] != p.C[i] {
					t.Fatalf("%s: element %d differs with %d workers", library.Name(), i, workers)
				}
			}
		}
	}
}

func TestTooSmallSlicePanics(t *testing.T) {
	for _, library := range libraries(t) {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", library.Name())
				}
			}()
			library.Gemm(false, false, 4, 4, 4, make([]float32, 16), 4, make([]float32, 15), 4, 0, make([]float32, 16), 4)
		}()
	}
}

func TestOpenUnknown(t *testing.T) {
	if _, err := Open("mkl"); err == nil {
		t.Error("no error for an unknown library")
	}
}

func BenchmarkProduct(b *testing.B) {
	pool := parallel.New(0)
	defer pool.Close()
	for _, library := range libraries(b) {
		for _, s := range []struct {
			name           string
			m, n, k        int
			transA, transB bool
		}{
			{"forward-1x784x200", 1, 200, 784, false, false},
			{"gradient-1", 784, 200, 1, true, false},
			{"forward-32x784x100", 32, 100, 784, false, false},
			{"gradient-32-100", 784, 100, 32, true, false},
			{"forward-128x784x512", 128, 512, 784, false, false},
			{"gradient-128-512", 784, 512, 128, true, false},
			{"error-128x512x784", 128, 784, 512, false, true},
		} {
			b.Run(strings.Fields(library.Name())[0]+"/"+s.name, func(b *testing.B) {
				run := Product{
					Library: library, Pool: pool, M: s.m, N: s.n, K: s.k, TransA: s.transA, TransB: s.transB,
					A: random("a", s.m*s.k), B: random("b", s.k*s.n), C: make([]float32, s.m*s.n),
				}.Compile()
				b.ReportAllocs()
				for b.Loop() {
					run()
				}
				b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
