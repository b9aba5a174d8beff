package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ergon/internal/simd"
)

// levels are those of this processor.
func levels() map[string]*instructions {
	all := map[string]*instructions{"portable": portable}
	for _, level := range []simd.Level{simd.AVX2, simd.AVX512} {
		if simd.Active() == simd.AVX512 || simd.Active() == level {
			all[string(level)] = choose(level)
		}
	}
	return all
}

// sample is a product with random matrices that lie in larger slices of NaN: a
// number read beside a matrix shows in C, one written there in the margins.
type sample struct {
	transA, transB bool
	m, n, k        int
	a, b, c        []float32
	lda, ldb, ldc  int
	accumulate     bool

	whole, before []float32 // C with its margins, and as it was
	margin        int
}

func (s *sample) String() string {
	return fmt.Sprintf("[%d,%d]·[%d,%d] transposed %v %v, strides %d %d %d, accumulate %v",
		s.m, s.k, s.k, s.n, s.transA, s.transB, s.lda, s.ldb, s.ldc, s.accumulate)
}

// newSample makes one; extra is what the strides exceed the rows by, and the
// margin shifts the matrices against the vectors' alignment.
func newSample(random *rand.Rand, m, n, k, flags, extra, margin int) *sample {
	s := &sample{m: m, n: n, k: k, transA: flags&1 != 0, transB: flags&2 != 0, accumulate: flags&4 != 0, margin: margin}
	_, s.a, s.lda = framed(random, s.transA, m, k, extra, margin)
	_, s.b, s.ldb = framed(random, s.transB, k, n, extra, margin)
	s.whole, s.c, s.ldc = framed(random, false, m, n, extra, margin)
	s.before = append([]float32(nil), s.whole...)
	return s
}

func framed(random *rand.Rand, transposed bool, rows, columns, extra, margin int) (whole, x []float32, stride int) {
	if transposed {
		rows, columns = columns, rows
	}
	stride = columns + extra
	whole = make([]float32, margin+rows*stride+margin)
	for i := range whole {
		whole[i] = float32(math.NaN())
	}
	for r := range rows {
		for c := range columns {
			whole[margin+r*stride+c] = 2*random.Float32() - 1
		}
	}
	return whole, whole[margin : margin+(rows-1)*stride+columns], stride
}

// dense returns the rows of op(X), or its columns, in float64.
func dense(x matrix, rows, columns int, byColumn bool) (all [][]float64) {
	if byColumn {
		x, rows, columns = x.transposed(), columns, rows
	}
	for r := range rows {
		row := make([]float64, columns)
		for c := range row {
			row[c] = float64(x.data[x.index(r, c)])
		}
		all = append(all, row)
	}
	return all
}

func (s *sample) problem() problem {
	return problem{
		m: s.m, n: s.n, k: s.k, a: operand(s.transA, s.a, s.lda), b: operand(s.transB, s.b, s.ldb),
		c: s.c, cRow: s.ldc, accumulate: s.accumulate,
	}
}

// verify compares C with the triple loop in float64, and its margins with what they were.
func (s *sample) verify() error {
	p := s.problem()
	a, b := dense(p.a, s.m, s.k, false), dense(p.b, s.k, s.n, true)
	for i, before := range s.before {
		r, c := -1, 0
		if i >= s.margin {
			r, c = (i-s.margin)/s.ldc, (i-s.margin)%s.ldc
		}
		got := s.whole[i]
		if r < 0 || r >= s.m || c >= s.n {
			if math.Float32bits(got) != math.Float32bits(before) {
				return fmt.Errorf("%v: wrote %v at (%d, %d), outside C", s, got, r, c)
			}
			continue
		}
		want := 0.0
		if s.accumulate {
			want = float64(before)
		}
		for l, x := range a[r] {
			want += x * b[c][l]
		}
		// Sums of k numbers below 1 err by less than k·2^-24 times their size, √k.
		if tolerance := 1e-7 * float64(s.k+2) * math.Sqrt(float64(s.k)); !(math.Abs(float64(got)-want) <= tolerance) {
			return fmt.Errorf("%v: C(%d,%d) = %v, want %v", s, r, c, got, want)
		}
	}
	return nil
}

// plans are all ways in which a problem may be computed, whether they pay or not.
func plans(kernels *instructions, p problem) []plan {
	chosen, plain := newPlan(kernels, p), plan{instructions: kernels, problem: p}
	all := []plan{chosen, plain}
	if p.a.column == 1 && p.b.column != 1 {
		all = append(all, plan{instructions: kernels, problem: p, method: inner})
	}
	if p.n <= turnedRows {
		all = append(all, plan{instructions: kernels, problem: p.transposed(), method: turned})
	}
	for _, q := range all {
		if q.copyA = q.method != inner && q.a.column != 1; q.copyA {
			all = append(all, q)
		}
	}
	return all
}

func TestEveryMethodAgreesWithTheTripleLoop(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, kernels := range levels() {
		for range 100 {
			m, n, k := 1+random.IntN(80), 1+random.IntN(150), 1+random.IntN(80)
			if random.IntN(4) == 0 {
				k += 3 * depth * random.IntN(2)
				m, n = 1+random.IntN(20), 1+random.IntN(60)
			}
			extra, flags := random.IntN(4)*random.IntN(9), random.IntN(8)
			count := len(plans(kernels, newSample(random, m, n, k, flags, extra, 1).problem()))
			for i := range count {
				s := newSample(random, m, n, k, flags, extra, random.IntN(20))
				q := plans(kernels, s.problem())[i]
				w := new(workspace)
				w.fit(&q)
				q.block(w, 0, q.m, 0, q.n)
				if err := s.verify(); err != nil {
					t.Fatalf("%s, method %d, copy %v: %v", name, q.method, q.copyA, err)
				}
			}
		}
	}
}

func use(kernels *instructions, f func()) {
	defer func(before *instructions) { active = before }(active)
	active = kernels
	f()
}

func (s *sample) gemm() {
	beta := float32(0)
	if s.accumulate {
		beta = 1
	}
	Gemm(s.transA, s.transB, s.m, s.n, s.k, s.a, s.lda, s.b, s.ldb, beta, s.c, s.ldc)
}

func TestSmallShapes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, kernels := range levels() {
		use(kernels, func() {
			for m := 1; m <= 20; m++ {
				for n := 1; n <= 20; n++ {
					for k := 1; k <= 20; k++ {
						s := newSample(random, m, n, k, random.IntN(8), random.IntN(3), random.IntN(3))
						s.gemm()
						if err := s.verify(); err != nil {
							t.Fatalf("%s: %v", name, err)
						}
					}
				}
			}
		})
	}
}

func TestGemmDoesNotAllocate(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, shape := range [][3]int{{1, 100, 50}, {64, 100, 300}, {130, 10, 40}} {
		for flags := range 8 {
			s := newSample(random, shape[0], shape[1], shape[2], flags, 0, 0)
			s.gemm()
			// A collection may empty the pool of buffers once.
			if n := testing.AllocsPerRun(20, s.gemm); n > 0 {
				t.Errorf("%v: %v allocations", s, n)
			}
		}
	}
}

func TestGemmRefuses(t *testing.T) {
	x := make([]float32, 16)
	for name, f := range map[string]func(){
		"short A":    func() { Gemm(false, false, 4, 4, 4, x[:15], 4, x, 4, 0, x, 4) },
		"short B":    func() { Gemm(false, true, 4, 4, 4, x, 4, x[:15], 4, 0, x, 4) },
		"short C":    func() { Gemm(true, false, 4, 4, 4, x, 4, x, 4, 0, x[:15], 4) },
		"stride":     func() { Gemm(false, false, 4, 4, 4, x, 3, x, 4, 0, x, 4) },
		"empty":      func() { Gemm(false, false, 0, 4, 4, x, 4, x, 4, 0, x, 4) },
		"other beta": func() { Gemm(false, false, 4, 4, 4, x, 4, x, 4, 0.5, x, 4) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func FuzzGemm(f *testing.F) {
	f.Add(uint64(1), uint16(1), uint16(1), uint16(1), uint8(0), uint8(0), uint8(0))
	f.Add(uint64(2), uint16(14), uint16(32), uint16(257), uint8(3), uint8(5), uint8(7))
	f.Add(uint64(3), uint16(130), uint16(100), uint16(33), uint8(5), uint8(1), uint8(15))
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k uint16, flags, extra, margin uint8) {
		random := rand.New(rand.NewPCG(seed, 0))
		s := func() *sample {
			return newSample(random, 1+int(m)%150, 1+int(n)%150, 1+int(k)%300, int(flags)%8, int(extra)%40, int(margin)%40)
		}
		for name, kernels := range levels() {
			use(kernels, func() {
				one := s()
				one.gemm()
				if err := one.verify(); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			})
		}
	})
}
