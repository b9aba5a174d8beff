package binary

import (
	"math"
	"slices"
	"testing"

	"ergon/internal/gemm"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// shapes are M, N, K: with and without incomplete bytes, groups, blocks, tiles and chunks.
var shapes = [][3]int{
	{1, 1, 1}, {3, 5, 2}, {2, 32, 48}, {7, 31, 49}, {5, 33, 47}, {1, 64, 4}, {40, 100, 7},
	{100, 96, 96}, {33, 130, 400}, {25, 784, 16}, {2*chunk + 1, 40, 50},
}

// The product is that of its definition within the documented bound, and every block is
// handed to the functions around it once a run.
func TestProduct(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for name, level := range levels() {
		for _, shape := range shapes {
			for _, accumulate := range []bool{false, true} {
				p := sample(shape[0], shape[1], shape[2])
				p.Accumulate = accumulate
				checkTwoRuns(t, name, level, p, pool)
			}
		}
	}
}

// checkTwoRuns runs a product twice, of which the second leaves nothing of the first.
func checkTwoRuns(t *testing.T, name simd.Level, level *kernels, p Product, pool *parallel.Pool) {
	t.Helper()
	before, visits := slices.Clone(p.C), make([]int, len(p.C))
	visit := func(r0, r1, c0, c1 int) {
		for r := r0; r < r1; r++ {
			for c := c0; c < c1; c++ {
				visits[r*p.N+c]++
			}
		}
	}
	p.Prologue, p.Epilogue = visit, visit
	want, bound := p.exact()
	run := p.compile(level, pool)
	mustRun(t, run)
	copy(p.C, before)
	mustRun(t, run)
	p.within(t, name, want, bound)
	for i, v := range visits {
		if v != 4 {
			t.Fatalf("%s, %v: element %d was visited %d times in two runs, want 4", name, shapes, i, v)
		}
	}
}

// All levels add in the documented order.
func TestLevelsAgree(t *testing.T) {
	for name, level := range levels() {
		for _, shape := range shapes {
			p := sample(shape[0], shape[1], shape[2])
			p.Accumulate = true
			want := p.ordered()
			mustRun(t, p.compile(level, nil))
			if i := differs(p.C, want); i >= 0 {
				t.Fatalf("%s, %v: element %d is %v, want %v to the last bit", name, shape, i, p.C[i], want[i])
			}
		}
	}
}

// The dense product is the same but for rounding.
func TestDense(t *testing.T) {
	p := sample(100, 100, 500)
	want, bound := p.exact()
	mustRun(t, p.Compile(nil))
	p.within(t, simd.Active(), want, bound)
	gemm.Product{TransB: true, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C}.Compile(nil)()
	for i := range bound {
		bound[i] *= 4 // n is 128 with groups, and 500 without
	}
	p.within(t, "dense", want, bound)
}

func TestSameBitsForAnyNumberOfWorkers(t *testing.T) {
	var first []float32
	for _, workers := range []int{1, 2, 3, 5} {
		pool := parallel.New(workers)
		p := sample(chunk+100, 130, 500) // packed in several parts
		run := p.Compile(pool)
		mustRun(t, run)
		if allocated := testing.AllocsPerRun(5, func() { run() }); allocated > 0 && workers == 1 {
			t.Errorf("a run allocates %v times", allocated)
		}
		pool.Close()
		if first == nil {
			first = p.C
		}
		if i := differs(first, p.C); i >= 0 {
			t.Fatalf("element %d differs with %d workers", i, workers)
		}
	}
}

// Anything but zeros and ones is left to the dense product, wherever it stands, and in that
// run only.
func TestOthersAreLeftToTheDenseProduct(t *testing.T) {
	const m, n, k = 30, 70, 53
	pool := parallel.New(2)
	defer pool.Close()
	for name, level := range levels() {
		p := sample(m, n, k)
		run := p.compile(level, pool)
		for _, x := range []float64{0.5, 2, -1, 1 - 1.0/(1<<24), math.SmallestNonzeroFloat32, math.NaN(), math.Inf(1)} {
			for _, at := range []int{0, 47, 52, 17*k + 3, 17*k + 50, m*k - 1} {
				before, was := slices.Clone(p.C), p.A[at]
				p.A[at] = float32(x)
				if run() {
					t.Fatalf("%s: A[%d] = %v, and was taken for binary", name, at, x)
				}
				if i := differs(before, p.C); i >= 0 {
					t.Fatalf("%s: A[%d] = %v, and C[%d] was written", name, at, x, i)
				}
				p.A[at] = was
				mustRun(t, run)
			}
		}
	}
}

// -0 is a zero.
func TestNegativeZero(t *testing.T) {
	p := sample(30, 70, 53)
	want := p.ordered()
	for i, x := range p.A {
		if x == 0 {
			p.A[i] = float32(math.Copysign(0, -1))
		}
	}
	mustRun(t, p.Compile(nil))
	if i := differs(p.C, want); i >= 0 {
		t.Errorf("element %d is %v, want %v", i, p.C[i], want[i])
	}
}

// NaN and ±Inf in B show in the rows of C where their unit is 1, and in no others.
func TestNotFinite(t *testing.T) {
	const m, n, k = 30, 70, 53
	for name, level := range levels() {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, at := range [][2]int{{3, 5}, {40, 50}, {69, 52}} {
				p := sample(m, n, k)
				p.B[at[0]*k+at[1]] = float32(x)
				mustRun(t, p.compile(level, nil))
				for i, v := range p.C {
					row, column := i/n, i%n
					spoilt := column == at[0] && p.A[row*k+at[1]] == 1
					if finite := v-v == 0; finite == spoilt {
						t.Fatalf("%s: %v at B%v makes C[%d,%d] = %v", name, x, at, row, column, v)
					}
				}
			}
		}
	}
}

// Where tables would hardly be used, nothing is computed.
func TestSmallIsLeftToTheDenseProduct(t *testing.T) {
	for _, c := range []struct {
		m, n, k int
		want    bool
	}{{24, 64, 16, true}, {23, 64, 16, false}, {24, 63, 16, false}, {24, 64, 15, false}} {
		p := sample(c.m, c.n, c.k)
		before := slices.Clone(p.C)
		if got := p.Compile(nil)(); got != c.want || got == (differs(before, p.C) < 0) {
			t.Errorf("%+v: computed %t", c, got)
		}
	}
}

// FuzzProduct compares products of any shape, all levels, with the documented sum to
// the last bit, and looks for writes beside C.
func FuzzProduct(f *testing.F) {
	f.Add(uint8(3), uint8(17), uint8(65), uint8(0))
	f.Add(uint8(130), uint8(200), uint8(95), uint8(7))
	pool := parallel.New(2)
	f.Fuzz(func(t *testing.T, rows, columns, units, flags uint8) {
		for name, level := range levels() {
			p := sample(int(rows)+1, int(columns)+1, int(units)+1)
			p.Accumulate = flags&1 != 0
			written := p.frame(32 + int(flags>>1))
			want := p.ordered()
			mustRun(t, p.compile(level, pool))
			if i := differs(p.C, want); i >= 0 {
				t.Fatalf("%s: element %d is %v, want %v", name, i, p.C[i], want[i])
			}
			if written() {
				t.Fatalf("%s: wrote beside C", name)
			}
		}
	})
}
