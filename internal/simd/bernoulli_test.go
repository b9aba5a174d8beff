package simd_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/simd"
)

// fieldsOf returns n fields, many of them where the probability is 0, ½, 1, the smallest
// that a word can be below, or none.
func fieldsOf(seed uint64, n int) []float32 {
	s, fields := rand.New(rand.NewPCG(seed, 1)), make([]float32, n)
	inf := float32(math.Inf(1))
	special := []float32{0, float32(math.Copysign(0, -1)), inf, -inf, inf - inf, -inf + inf, 1e-30, -1e-30, 22.5, -22.5, 88, -88, 104, -104, 1e38}
	for i := range fields {
		fields[i] = float32(8 * s.NormFloat64())
		if s.IntN(4) == 0 {
			fields[i] = special[s.IntN(len(special))]
		}
	}
	return fields
}

// With the words of the cipher numbers are those with the words written out, the same at
// all levels, for every length, wherever the blocks begin, in place or not, and nothing
// beyond is touched.
func TestBernoulliPhilox(t *testing.T) {
	stream := philox.New(9, "bernoulli")
	for _, l := range simd.Levels() {
		simd.At(l, func() {
			for n := range 71 {
				checkBernoulli(t, stream, l, fieldsOf(uint64(n), n), uint64(n)<<33+5, uint64(7*n))
			}
			checkBernoulli(t, stream, l, fieldsOf(1, 5000), 3, 1<<31)
			checkBernoulli(t, stream, l, fieldsOf(1, 64), 3, math.MaxUint32-33)
		})
	}
}

func checkBernoulli(t *testing.T, stream philox.Stream, l simd.Level, fields []float32, step, block uint64) {
	t.Helper()
	const guard = -77
	words, want := make([]uint32, len(fields)), make([]float32, len(fields))
	stream.Words(step, 4*block, words)
	simd.Bernoulli(want, fields, words)
	x := append(make([]float32, len(fields)), guard, guard)
	if done := simd.BernoulliPhilox(x[:len(fields)], fields, stream.Key(), step, block); done != (l != simd.Portable) {
		t.Fatalf("%s: %d numbers, block %d: done %t", l, len(fields), block, done)
	} else if !done {
		return
	}
	if !slices.Equal(x[:len(fields)], want) || x[len(fields)] != guard || x[len(fields)+1] != guard {
		t.Fatalf("%s: step %d, block %d, fields %v: %v, want %v", l, step, block, fields, x, want)
	}
	inPlace := slices.Clone(fields)
	simd.BernoulliPhilox(inPlace, inPlace, stream.Key(), step, block)
	if !slices.Equal(inPlace, want) {
		t.Fatalf("%s: in place %v, want %v", l, inPlace, want)
	}
}

// A counter that does not fit 32 bits is left to others.
func TestBernoulliPhiloxCounters(t *testing.T) {
	x := []float32{1, 2, 3}
	for _, block := range []uint64{math.MaxUint32 - 1, math.MaxUint32, 1 << 40, math.MaxUint64} {
		if simd.BernoulliPhilox(x, x, [2]uint32{}, 0, block) || !slices.Equal(x, []float32{1, 2, 3}) {
			t.Errorf("block %d: %v, want that nothing is done", block, x)
		}
	}
}

func FuzzBernoulliPhilox(f *testing.F) {
	f.Add(uint64(1), uint16(40), uint64(2), uint64(3))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, step, block uint64) {
		for _, l := range simd.Levels() {
			simd.At(l, func() {
				checkBernoulli(t, philox.New(seed, "fuzz"), l, fieldsOf(seed, int(n%3000)), step, block%(math.MaxUint32-1000))
			})
		}
	})
}

// Words decide as the definition says at the boundary, where a float32 more or less of the
// field makes the difference. Blocks beyond the first have, by a search, words within 5 of
// 2³², at which the boundary is between integers.
func TestBernoulliBoundary(t *testing.T) {
	stream := philox.New(2, "boundary")
	for block, n := range map[uint64]int{0: 4096, 10067610: 4, 88679934: 4, 113169480: 4, 303949031: 4, 398968924: 4} {
		words, fields := make([]uint32, n), make([]float32, n)
		stream.Words(0, 4*block, words)
		for i, w := range words {
			fields[i] = boundary(w)
		}
		ones := 0
		for range 40 {
			for _, l := range simd.Levels() {
				simd.At(l, func() { checkBernoulli(t, stream, l, fields, 0, block) })
			}
			for i, f := range fields {
				x := fields[i : i+1]
				simd.Bernoulli(x, x, words[i:])
				ones += int(x[0])
				fields[i] = math.Nextafter32(f, float32(math.Inf(1)))
			}
		}
		if share := float64(ones) / float64(40*n); share < 0.25 || share > 0.75 {
			t.Errorf("block %d: %.2f of the numbers are 1, want about half: the fields are not at the boundary", block, share)
		}
	}
}

// boundary returns a field a little below the one at which 1/(1+e^-field) = (w+½)/2³².
func boundary(w uint32) float32 {
	u := (float64(w) + 0.5) * 0x1p-32
	f := float32(math.Log(u) - math.Log1p(-u))
	for range 20 {
		f = math.Nextafter32(f, float32(math.Inf(-1)))
	}
	return f
}

// Numbers are those of p = 1/(1+e^-field) in float64, unless a word is within 2 units in
// the last place of the smaller of p and 1-p: with words on either side of these bounds.
func TestBernoulliIsTheDefinition(t *testing.T) {
	for i := -1200; i <= 1200; i++ {
		field := float32(i) / 50
		r := math.Exp(-math.Abs(float64(field)))
		r /= 1 + r
		margin := 2 * 0x1p-23 * r * 0x1p32
		for _, d := range []float64{-margin - 1, margin + 1} {
			at := r*0x1p32 + d - 0.5
			if at < 0 {
				continue
			}
			w, want := uint32(at), float32(0)
			if i >= 0 {
				w = ^w
			}
			if (float64(w)+0.5)*0x1p-32 < 1/(1+math.Exp(-float64(field))) {
				want = 1
			}
			x := []float32{-1}
			if simd.Bernoulli(x, []float32{field}, []uint32{w}); x[0] != want {
				t.Fatalf("field %v, word %d: %v, want %v", field, w, x[0], want)
			}
		}
	}
}
