package sparse

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

func TestMain(m *testing.M) {
	if Supported() {
		m.Run()
	}
}

// shapes are M, N, K: with and without incomplete vectors, groups, chunks, stripes and panels.
var shapes = [][3]int{
	{1, 1, 1}, {3, 5, 2}, {2, 16, 64}, {7, 100, 65}, {128, 128, 128}, {33, 130, 400},
	{64, 300, 130}, {32, 100, 784}, {200, 17, 63}, {130, 260, 200}, {305, 20, 140}, {65, 48, 305},
}

// The product is the triple loop's, whatever the shape, and nothing else is touched.
func TestProduct(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for _, shape := range shapes {
		for flags := range 8 {
			for _, w := range waysOf(Product{TransA: flags&1 != 0}) {
				p := sample(shape[0], shape[1], shape[2], flags&1 != 0, 0.2)
				p.Accumulate = flags&2 != 0
				checkTwoRuns(t, w, p, pool, flags&4 != 0)
			}
		}
	}
}

// checkTwoRuns runs a product twice, of which the second leaves nothing of the first,
// and counts how often each element is handed in, if it is to be.
func checkTwoRuns(t *testing.T, w way, p Product, pool *parallel.Pool, visited bool) {
	t.Helper()
	before, visits := slices.Clone(p.C), make([]int, len(p.C))
	if visited {
		visit := func(r0, r1, c0, c1 int) {
			for r := r0; r < r1; r++ {
				for c := c0; c < c1; c++ {
					visits[r*p.N+c]++
				}
			}
		}
		p.Prologue, p.Epilogue = visit, visit
	}
	want, run := p.want(), p.compile(w, pool)
	run()
	if p.Accumulate {
		copy(p.C, before)
	}
	run()
	p.compare(t, w, want)
	for _, v := range visits {
		if v != 0 && v != 4 || visited && v == 0 {
			t.Fatalf("%v, %d×%d×%d: a block was visited %d times in two runs, want 4", w, p.M, p.N, p.K, v)
		}
	}
}

// A bias is what C = op(A)·B is added to, to the bit.
func TestBias(t *testing.T) {
	for _, shape := range shapes {
		for _, trans := range []bool{false, true} {
			for _, w := range waysOf(Product{TransA: trans}) {
				p, q := sample(shape[0], shape[1], shape[2], trans, 0.2), sample(shape[0], shape[1], shape[2], trans, 0.2)
				p.Bias = mostlyZero("bias", p.N, 1)
				for r := range q.M {
					copy(q.C[r*q.N:], p.Bias)
				}
				q.Accumulate = true
				p.compile(w, nil)()
				q.compile(w, nil)()
				if i := differs(p.C, q.C); i >= 0 {
					t.Fatalf("%v, %v: element %d is %v, and %v where C held the bias", w, shape, i, p.C[i], q.C[i])
				}
			}
		}
	}
}

// All ways compute the same bits: the terms of an element are added in the same order.
func TestWaysAgree(t *testing.T) {
	for _, shape := range shapes {
		for flags := range 4 {
			var first []float32
			for _, w := range waysOf(Product{TransA: flags&1 != 0}) {
				p := sample(shape[0], shape[1], shape[2], flags&1 != 0, 0.2)
				p.Accumulate = flags&2 != 0
				p.compile(w, nil)()
				if first == nil {
					first = p.C
				}
				if i := differs(first, p.C); i >= 0 {
					t.Fatalf("%v, flags %b: element %d is %v in %v, and %v", shape, flags, i, p.C[i], w, first[i])
				}
			}
		}
	}
}

// differs returns the first element whose bits differ, or -1.
func differs(a, b []float32) int {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return i
		}
	}
	return -1
}

// What is handed to Take covers C once, and is the same bits as are written without it.
func TestTake(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for _, shape := range shapes {
		for _, trans := range []bool{false, true} {
			for _, w := range waysOf(Product{TransA: trans}) {
				written, taken := sample(shape[0], shape[1], shape[2], trans, 0.2), sample(shape[0], shape[1], shape[2], trans, 0.2)
				written.compile(w, pool)()
				c := taken.C
				times, run := taken.collect(), taken.compile(w, pool)
				run()
				run()
				if i := slices.IndexFunc(times, func(n int) bool { return n != 2 }); i >= 0 {
					t.Fatalf("%v, %v: element %d was taken %d times in two runs", w, shape, i, times[i])
				}
				if i := differs(c, written.C); i >= 0 {
					t.Fatalf("%v, %v: element %d is %v, and %v where it is written", w, shape, i, c[i], written.C[i])
				}
			}
		}
	}
}

// What is not finite is never taken for zero, be it in a whole vector or in the last.
func TestNaNIsListed(t *testing.T) {
	for _, trans := range []bool{false, true} {
		for _, w := range waysOf(Product{TransA: trans}) {
			for _, x := range []float64{math.NaN(), math.Inf(1), math.Copysign(0, -1)} {
				for _, at := range [][2]int{{17, 3}, {17, 69}, {37, 3}} {
					checkListed(t, w, trans, float32(x), at[0], at[1])
				}
			}
		}
	}
}

// checkListed checks a product of which A has a single number x, in a row of C and a column of op(A).
func checkListed(t *testing.T, w way, trans bool, x float32, row, column int) {
	t.Helper()
	const m, n, k = 38, 30, 70
	p := sample(m, n, k, trans, 0)
	if trans {
		p.A[column*m+row] = x
	} else {
		p.A[row*k+column] = x
	}
	p.compile(w, nil)()
	for i, v := range p.C {
		if finite := v-v == 0; finite != (i/n != row || x == 0) {
			t.Fatalf("%v, transposed %t: %v in row %d makes C[%d,%d] = %v", w, trans, x, row, i/n, i%n, v)
		}
	}
}

func TestProductIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	for _, trans := range []bool{false, true} {
		for _, w := range waysOf(Product{TransA: trans}) {
			var first []float32
			for _, workers := range []int{1, 2, 5} {
				pool := parallel.New(workers)
				p := sample(100, 300, 784, trans, 0.2)
				run := p.compile(w, pool)
				run()
				if allocated := testing.AllocsPerRun(5, run); allocated > 0 && workers == 1 {
					t.Errorf("%v: a run allocates %v times", w, allocated)
				}
				pool.Close()
				if first == nil {
					first = p.C
				}
				if i := differs(first, p.C); i >= 0 {
					t.Fatalf("%v: element %d differs with %d workers", w, i, workers)
				}
			}
		}
	}
}

// Where hardly anything is zero, or there is hardly anything to multiply, nothing is computed.
func TestCompileLeavesToTheDenseProduct(t *testing.T) {
	for _, trans := range []bool{false, true} {
		for _, c := range []struct {
			n     int
			share float64
			want  bool
		}{{200, 0.2, true}, {200, 0, true}, {200, 0.95, false}, {8, 0.2, false}} {
			p := sample(200, c.n, 200, trans, c.share)
			before, want := slices.Clone(p.C), p.want()
			run := p.Compile(nil)
			if got := run(); got != c.want {
				t.Errorf("%d columns, of which %v is not zero, transposed %t: computed %t, want %t", c.n, c.share, trans, got, c.want)
			} else if got {
				p.compare(t, active.of(p)[0], want)
			} else if i := differs(before, p.C); i >= 0 {
				t.Errorf("element %d is %v, and was not to be computed", i, p.C[i])
			}
			if allocated := testing.AllocsPerRun(5, func() { run() }); allocated > 0 {
				t.Errorf("a run allocates %v times", allocated)
			}
		}
	}
}

// FuzzProduct compares products of any shape and share of zeros with the triple loop, all
// ways with each other, and looks for writes beside C.
func FuzzProduct(f *testing.F) {
	f.Add(uint8(3), uint8(17), uint8(65), uint8(40), uint8(0))
	f.Add(uint8(130), uint8(200), uint8(64), uint8(255), uint8(7))
	pool := parallel.New(2)
	f.Fuzz(func(t *testing.T, rows, width, depth, share, flags uint8) {
		var first []float32
		for _, w := range waysOf(Product{TransA: flags&1 != 0}) {
			p := sample(int(rows)+1, int(width)+1, int(depth)+1, flags&1 != 0, float64(share)/255)
			p.Accumulate = flags&6 == 2
			written := p.frame(1 + int(flags>>3))
			want := p.want()
			q := p
			if flags&4 != 0 {
				q.collect()
			}
			q.compile(w, pool)()
			p.compare(t, w, want)
			if written() {
				t.Fatalf("%v: wrote beside C", w)
			}
			if first == nil {
				first = p.C
			}
			if i := differs(first, p.C); i >= 0 {
				t.Fatalf("element %d is %v in %v, and %v", i, p.C[i], w, first[i])
			}
		}
	})
}

func BenchmarkProduct(b *testing.B) {
	pool := parallel.New(0)
	defer pool.Close()
	for _, s := range []struct {
		name    string
		m, n, k int
		trans   bool
	}{
		{"forward-32x784x100", 32, 100, 784, false},
		{"gradient-32-100", 784, 100, 32, true},
		{"forward-128x784x512", 128, 512, 784, false},
		{"gradient-128-512", 784, 512, 128, true},
		{"forward-1000x784x512", 1000, 512, 784, false},
		{"gradient-1000-512", 784, 512, 1000, true},
	} {
		for suffix, share := range map[string]float64{"/fifth": 0.19, "/half": 0.5} {
			p := sample(s.m, s.n, s.k, s.trans, share)
			ways := map[string]func(){"/dense": gemm.Product{TransA: p.TransA, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C}.Compile(pool)}
			for _, w := range waysOf(p) {
				ways[fmt.Sprintf("/%dx%d", w.group, w.lanes)] = p.compile(w, pool)
			}
			for way, run := range ways {
				b.Run(s.name+suffix+way, func(b *testing.B) {
					for b.Loop() {
						run()
					}
				})
			}
		}
	}
}
