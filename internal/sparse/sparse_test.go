package sparse

import (
	"math"
	"testing"

	"ergon/internal/gemm"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// mostlyZero returns n numbers of which a share is not zero.
func mostlyZero(name string, n int, share float64) []float32 {
	s, x := philox.New(1, name), make([]float32, n)
	for i := range x {
		if s.Float64(0, uint64(i)) < share {
			x[i] = float32(s.Normal(1, uint64(i)))
		}
	}
	return x
}

// The product is the triple loop's, whatever the shape, and nothing else is touched.
func TestProduct(t *testing.T) {
	if !Supported() {
		t.Skip("needs AVX-512")
	}
	pool := parallel.New(3)
	defer pool.Close()
	for _, shape := range [][3]int{{1, 1, 1}, {3, 5, 2}, {2, 16, 64}, {7, 100, 65}, {128, 128, 128}, {33, 200, 784}, {64, 300, 130}, {200, 17, 63}, {130, 260, 200}} {
		for flags := range 8 {
			m, n, k := shape[0], shape[1], shape[2]
			c := mostlyZero("c", m*n+1, 1)
			before := append([]float32(nil), c...)
			p := Product{
				TransA: flags&1 != 0, M: m, N: n, K: k, Accumulate: flags&2 != 0,
				A: mostlyZero("a", m*k, 0.2), B: mostlyZero("b", k*n, 1), C: c[:m*n],
			}
			visits := make([]int, m*n)
			if flags&4 != 0 {
				visit := func(r0, r1, c0, c1 int) {
					for r := r0; r < r1; r++ {
						for c := c0; c < c1; c++ {
							visits[r*n+c]++
						}
					}
				}
				p.Before, p.After = visit, visit
			}
			run := p.Compile(pool)
			run()
			if p.Accumulate {
				copy(c, before)
			}
			run() // a second run leaves nothing of the first
			for i := range m {
				for j := range n {
					want := 0.0
					if p.Accumulate {
						want = float64(before[i*n+j])
					}
					for l := range k {
						at := i*k + l
						if p.TransA {
							at = l*m + i
						}
						want += float64(p.A[at]) * float64(p.B[l*n+j])
					}
					if math.Abs(float64(c[i*n+j])-want) > 8e-6*math.Sqrt(float64(k)) {
						t.Fatalf("%v flags %03b: C[%d,%d] = %v, want %v", shape, flags, i, j, c[i*n+j], want)
					}
				}
			}
			if c[m*n] != before[m*n] {
				t.Fatalf("%v: wrote behind C", shape)
			}
			for _, v := range visits {
				if v != 0 && v != 4 {
					t.Fatalf("%v: a block was visited %d times in two runs, want 4", shape, v)
				}
			}
		}
	}
}

func TestProductIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	if !Supported() {
		t.Skip("needs AVX-512")
	}
	const m, n, k = 100, 300, 784
	var first []float32
	for _, workers := range []int{1, 2, 5} {
		pool := parallel.New(workers)
		p := Product{M: m, N: n, K: k, A: mostlyZero("a", m*k, 0.2), B: mostlyZero("b", k*n, 1), C: make([]float32, m*n)}
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
		for _, share := range []float64{0.19, 0.5} {
			x, y, c := mostlyZero("a", s.m*s.k, share), mostlyZero("b", s.k*s.n, 1), make([]float32, s.m*s.n)
			sparse := Product{TransA: s.trans, M: s.m, N: s.n, K: s.k, A: x, B: y, C: c}.Compile(pool)
			dense := gemm.Product{TransA: s.trans, M: s.m, N: s.n, K: s.k, A: x, B: y, C: c}.Compile(pool)
			suffix := "/half"
			if share < 0.5 {
				suffix = "/fifth"
			}
			b.Run(s.name+suffix+"/sparse", func(b *testing.B) {
				for b.Loop() {
					sparse()
				}
			})
			b.Run(s.name+suffix+"/dense", func(b *testing.B) {
				for b.Loop() {
					dense()
				}
			})
		}
	}
}

// FuzzProduct compares products of any shape and share of zeros with the triple
// loop, and looks for writes behind C.
func FuzzProduct(f *testing.F) {
	f.Add(uint8(3), uint8(17), uint8(65), uint8(40), false)
	f.Add(uint8(130), uint8(200), uint8(64), uint8(255), true)
	pool := parallel.New(2)
	f.Fuzz(func(t *testing.T, rows, width, depth, share uint8, trans bool) {
		if !Supported() {
			t.Skip("needs AVX-512")
		}
		m, n, k := int(rows)+1, int(width)+1, int(depth)+1
		p := Product{
			TransA: trans, M: m, N: n, K: k,
			A: mostlyZero("a", m*k, float64(share)/255), B: mostlyZero("b", k*n, 1), C: make([]float32, m*n, m*n+16),
		}
		p.Compile(pool)()
		for i, v := range p.C {
			want := 0.0
			for l := range k {
				at := i/n*k + l
				if trans {
					at = l*m + i/n
				}
				want += float64(p.A[at]) * float64(p.B[l*n+i%n])
			}
			if math.Abs(float64(v)-want) > 8e-6*math.Sqrt(float64(k)) {
				t.Fatalf("%d×%d×%d, transposed %t: C[%d] = %v, want %v", m, n, k, trans, i, v, want)
			}
		}
		for i, v := range p.C[:cap(p.C)][len(p.C):] {
			if v != 0 {
				t.Fatalf("%d×%d×%d: wrote %d behind C", m, n, k, i)
			}
		}
	})
}
