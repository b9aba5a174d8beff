package sparse

import (
	"math"
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
	{64, 300, 130}, {200, 17, 63}, {130, 260, 200}, {305, 20, 140}, {65, 48, 305},
}

// The product is the triple loop's, whatever the shape, and nothing else is touched.
func TestProduct(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for _, shape := range shapes {
		for flags := range 8 {
			p := sample(shape[0], shape[1], shape[2], flags&1 != 0, 0.2)
			p.Accumulate = flags&2 != 0
			before := append([]float32(nil), p.C...)
			visits := make([]int, len(p.C))
			if flags&4 != 0 {
				visit := func(r0, r1, c0, c1 int) {
					for r := r0; r < r1; r++ {
						for c := c0; c < c1; c++ {
							visits[r*p.N+c]++
						}
					}
				}
				p.Before, p.After = visit, visit
			}
			want, run := p.want(), p.Compile(pool)
			run()
			if p.Accumulate {
				copy(p.C, before)
			}
			run() // a second run leaves nothing of the first
			p.compare(t, want)
			for _, v := range visits {
				if v != 0 && v != 4 {
					t.Fatalf("%v: a block was visited %d times in two runs, want 4", shape, v)
				}
			}
		}
	}
}

// What is handed to Take covers C once, and is the same bits as are written without it.
func TestTake(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for _, shape := range shapes {
		for _, trans := range []bool{false, true} {
			written, taken := sample(shape[0], shape[1], shape[2], trans, 0.2), sample(shape[0], shape[1], shape[2], trans, 0.2)
			written.Compile(pool)()
			c := taken.C
			times, run := taken.collect(), taken.Compile(pool)
			run()
			run()
			for i := range c {
				if times[i] != 2 {
					t.Fatalf("%v: element %d was taken %d times in two runs", shape, i, times[i])
				}
				if math.Float32bits(c[i]) != math.Float32bits(written.C[i]) {
					t.Fatalf("%v: element %d is %v, and %v where it is written", shape, i, c[i], written.C[i])
				}
			}
		}
	}
}

// What is not finite is never taken for zero.
func TestNaNIsListed(t *testing.T) {
	for _, trans := range []bool{false, true} {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Copysign(0, -1)} {
			p := sample(40, 30, 70, trans, 0)
			at, row := 17*70+69, 17
			if trans {
				at, row = 69*40+17, 17
			}
			p.A[at] = float32(x)
			p.Compile(nil)()
			for i, v := range p.C {
				if finite := !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0); finite != (i/p.N != row || x == 0) {
					t.Fatalf("transposed %t: %v in row %d makes C[%d,%d] = %v", trans, x, row, i/p.N, i%p.N, v)
				}
			}
		}
	}
}

func TestProductIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	for _, trans := range []bool{false, true} {
		var first []float32
		for _, workers := range []int{1, 2, 5} {
			pool := parallel.New(workers)
			p := sample(100, 300, 784, trans, 0.2)
			run := p.Compile(pool)
			run()
			if allocated := testing.AllocsPerRun(5, run); allocated > 0 && workers == 1 {
				t.Errorf("a run allocates %v times", allocated)
			}
			pool.Close()
			if first == nil {
				first = p.C
			}
			for i := range first {
				if first[i] != p.C[i] {
					t.Fatalf("element %d differs with %d workers", i, workers)
				}
			}
		}
	}
}

// FuzzProduct compares products of any shape and share of zeros with the triple loop.
func FuzzProduct(f *testing.F) {
	f.Add(uint8(3), uint8(17), uint8(65), uint8(40), uint8(0))
	f.Add(uint8(130), uint8(200), uint8(64), uint8(255), uint8(7))
	pool := parallel.New(2)
	f.Fuzz(func(t *testing.T, rows, width, depth, share, flags uint8) {
		p := sample(int(rows)+1, int(width)+1, int(depth)+1, flags&1 != 0, float64(share)/255)
		p.Accumulate = flags&6 == 2
		want := p.want()
		q := p
		if flags&4 != 0 {
			q.collect()
		}
		q.Compile(pool)()
		p.compare(t, want)
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
			dense := gemm.Product{TransA: p.TransA, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C}.Compile(pool)
			for way, run := range map[string]func(){"/sparse": p.Compile(pool), "/dense": dense} {
				b.Run(s.name+suffix+way, func(b *testing.B) {
					for b.Loop() {
						run()
					}
				})
			}
		}
	}
}
