package gemm

import (
	"math/rand/v2"
	"testing"

	"ergon/internal/parallel"
)

// shapes of products that are cut in different ways, with their transpositions.
var shapes = []struct {
	m, n, k        int
	transA, transB bool
}{
	{1, 512, 784, false, false}, {40, 300, 200, false, false}, {64, 100, 784, false, false}, {300, 40, 300, false, false},
	{300, 200, 32, true, false}, {300, 100, 128, true, false}, {301, 10, 128, true, false}, {160, 190, 257, true, false},
	{8, 300, 512, false, true}, {100, 333, 200, false, true}, {128, 512, 10, false, true}, {64, 64, 64, true, true},
}

func TestProductIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for name, kernels := range levels() {
		use(kernels, func() {
			for _, shape := range shapes {
				flags := flagsOf(shape.transA, shape.transB) | 4*random.IntN(2)
				s := newSample(random, shape.m, shape.n, shape.k, flags, random.IntN(3), 3)
				var first []float32
				for _, workers := range []int{1, 2, 5} {
					copy(s.whole, s.before)
					pool := parallel.New(workers)
					s.product(nil, nil).Compile(pool)()
					pool.Close()
					if first == nil {
						if err := s.verify(); err != nil {
							t.Fatalf("%s: %v", name, err)
						}
						first = append(first, s.c...)
					}
					for r := range s.m {
						for c := range s.n {
							if i := r*s.ldc + c; first[i] != s.c[i] {
								t.Fatalf("%s: %v: C(%d,%d) differs with %d workers", name, s, r, c, workers)
							}
						}
					}
				}
			}
		})
	}
}

func (s *sample) product(before, after func(r0, r1, c0, c1 int)) Product {
	return Product{
		TransA: s.transA, TransB: s.transB, M: s.m, N: s.n, K: s.k, A: s.a, B: s.b, C: s.c,
		Lda: s.lda, Ldb: s.ldb, Ldc: s.ldc, Accumulate: s.accumulate, Prologue: before, Epilogue: after,
	}
}

// Prologue fills C, which the product adds to; Epilogue sees the sums. Both meet each
// element once.
func TestHooksSeeEachElementOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for name, kernels := range levels() {
		use(kernels, func() {
			for _, shape := range shapes {
				pool := parallel.New(3)
				s := newSample(random, shape.m, shape.n, shape.k, flagsOf(shape.transA, shape.transB)|4, 1, 2)
				calls := make([]int, len(s.c)+s.ldc)
				each := func(call int, f func(x *float32)) func(r0, r1, c0, c1 int) {
					return func(r0, r1, c0, c1 int) {
						for r := r0; r < r1; r++ {
							for c := c0; c < c1; c++ {
								calls[r*s.ldc+c] += call
								f(&s.c[r*s.ldc+c])
							}
						}
					}
				}
				before := each(1, func(x *float32) { *x *= 2 })
				after := each(100, func(x *float32) { *x /= 2 })
				s.product(before, after).Compile(pool)()
				pool.Close()
				for i, x := range s.c {
					if i%s.ldc >= s.n {
						continue
					}
					if calls[i] != 101 {
						t.Fatalf("%s: %v: element %d: calls %d", name, s, i, calls[i])
					}
					s.c[i] = 2*x - s.before[s.margin+i] // (2c + ab)/2, and so c + ab
				}
				if err := s.verify(); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		})
	}
}

func flagsOf(transA, transB bool) (flags int) {
	if transA {
		flags |= 1
	}
	if transB {
		flags |= 2
	}
	return flags
}

func TestProductDoesNotAllocate(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	pool := parallel.New(2)
	defer pool.Close()
	for _, shape := range shapes {
		s := newSample(random, shape.m, shape.n, shape.k, flagsOf(shape.transA, shape.transB), 0, 0)
		if n := testing.AllocsPerRun(10, s.product(nil, nil).Compile(pool)); n > 0 {
			t.Errorf("%v: %v allocations", s, n)
		}
	}
}

func TestPanicInAHookReachesTheCallerAndTheProductSurvives(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	s := newSample(rand.New(rand.NewPCG(13, 14)), 128, 512, 100, 0, 0, 0)
	fail := true
	run := s.product(func(_, _, _, _ int) {
		if fail {
			panic("refused")
		}
	}, nil).Compile(pool)
	func() {
		defer func() {
			if r := recover(); r != "refused" {
				t.Errorf("recovered %v", r)
			}
		}()
		run()
	}()
	fail = false
	run()
	if err := s.verify(); err != nil {
		t.Error(err)
	}
}

func TestGridCoversC(t *testing.T) {
	for name, kernels := range levels() {
		for _, shape := range [][3]int{{1, 1, 1}, {1, 2000, 2000}, {784, 512, 128}, {1000, 10, 100}, {129, 100, 784}, {2000, 33, 64}} {
			q := plan{instructions: kernels, problem: problem{m: shape[0], n: shape[1], k: shape[2]}}
			g := q.grid()
			covered := 0
			for part := range g.count() {
				r0, r1, c0, c1 := g.block(part)
				if r1 <= r0 || c1 <= c0 {
					t.Errorf("%s %v: part %d is empty", name, shape, part)
				}
				covered += (r1 - r0) * (c1 - c0)
			}
			if covered != shape[0]*shape[1] {
				t.Errorf("%s %v: %d elements of %d", name, shape, covered, shape[0]*shape[1])
			}
		}
	}
}
