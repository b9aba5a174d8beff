package gemm_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ergon/internal/blas"
	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// The products of training a perceptron with layers of 784, 512, 100, 10 and
// 2000 units, at batches from 1 to 1000.
var products = []struct {
	name           string
	m, n, k        int
	transA, transB bool
}{
	{"forward", 1, 512, 784, false, false}, {"forward", 1, 100, 784, false, false}, {"forward", 8, 512, 784, false, false},
	{"forward", 32, 512, 784, false, false}, {"forward", 32, 100, 784, false, false}, {"forward", 128, 512, 784, false, false},
	{"forward", 128, 100, 784, false, false}, {"forward", 128, 512, 512, false, false}, {"forward", 128, 10, 512, false, false}, {"forward", 128, 10, 100, false, false},
	{"forward", 128, 2000, 2000, false, false}, {"forward", 1000, 512, 784, false, false}, {"forward", 1000, 100, 784, false, false}, {"forward", 1000, 2000, 784, false, false},
	{"gradient", 784, 512, 1, true, false}, {"gradient", 784, 512, 8, true, false}, {"gradient", 784, 512, 32, true, false}, {"gradient", 784, 100, 32, true, false},
	{"gradient", 784, 512, 128, true, false}, {"gradient", 784, 100, 128, true, false}, {"gradient", 512, 512, 128, true, false}, {"gradient", 512, 10, 128, true, false}, {"gradient", 100, 10, 128, true, false},
	{"gradient", 2000, 2000, 128, true, false}, {"gradient", 784, 512, 1000, true, false},
	{"error", 1, 512, 512, false, true}, {"error", 8, 512, 512, false, true}, {"error", 32, 512, 512, false, true}, {"error", 32, 100, 10, false, true},
	{"error", 128, 512, 512, false, true}, {"error", 128, 512, 10, false, true}, {"error", 128, 2000, 2000, false, true}, {"error", 1000, 512, 512, false, true},
}

func numbers(n int) []float32 {
	random, x := rand.New(rand.NewPCG(1, uint64(n))), make([]float32, n)
	for i := range x {
		x[i] = 2*random.Float32() - 1
	}
	return x
}

// BenchmarkProduct tells GFLOP/s and, measured in turn with it, the ratio to
// OpenBLAS on the same blocks of work for as many workers.
func BenchmarkProduct(b *testing.B) {
	library, err := blas.Open("openblas")
	if err != nil {
		b.Log(err)
	}
	for _, workers := range []int{1, 2} {
		for _, s := range products {
			b.Run(fmt.Sprintf("%s-%dx%dx%d-workers-%d", s.name, s.m, s.n, s.k, workers), func(b *testing.B) {
				pool := parallel.New(workers)
				defer pool.Close()
				x, y, z := numbers(s.m*s.k), numbers(s.k*s.n), make([]float32, s.m*s.n)
				own := gemm.Product{TransA: s.transA, TransB: s.transB, M: s.m, N: s.n, K: s.k, A: x, B: y, C: z}.Compile(pool)
				other := own
				if library != nil {
					other = blas.Product{Library: library, Pool: pool, TransA: s.transA, TransB: s.transB, M: s.m, N: s.n, K: s.k, A: x, B: y, C: z}.Compile()
				}
				work := 2 * float64(s.m) * float64(s.n) * float64(s.k)
				own()
				other()
				var seconds, ratios []float64
				calls := 1 + int(2e7/work)
				for b.Loop() {
					mine, theirs := time1(own, calls), time1(other, calls)
					seconds, ratios = append(seconds, mine), append(ratios, theirs/mine)
				}
				slices.Sort(seconds)
				slices.Sort(ratios)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(work/seconds[len(seconds)/2]/1e9, "GFLOP/s")
				b.ReportMetric(ratios[len(ratios)/2], "×openblas")
				b.ReportMetric(ratios[len(ratios)/4], "lower-quartile")
				b.ReportMetric(ratios[3*len(ratios)/4], "upper-quartile")
			})
		}
	}
}

// time1 is the time of a call, in seconds.
func time1(f func(), calls int) float64 {
	start := time.Now()
	for range calls {
		f()
	}
	return time.Since(start).Seconds() / float64(calls)
}
