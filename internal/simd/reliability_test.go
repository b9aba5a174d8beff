package simd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// testTable is a table of numbers without meaning, all different.
var testTable = func() *Reliability {
	s, r := rand.New(rand.NewPCG(5, 0)), new(Reliability)
	for p := range r.Sigma {
		for k := range 4 {
			r.Sigma[p][k], r.Slopes[p].Sigma[k], r.Slopes[p].Cost[k] = s.NormFloat64(), s.NormFloat64(), s.NormFloat64()
		}
	}
	return r
}()

// phisOf returns n φ, some of them at the ends of the table and of its pieces, and one in
// wild beyond or not a number; wild = 0 is none.
func phisOf(seed uint64, n, wild int) []float32 {
	s, phi := rand.New(rand.NewPCG(seed, 3)), make([]float32, n)
	last := math.Nextafter32(32, 0)
	for i := range phi {
		phi[i] = 64*s.Float32() - 32
		switch s.IntN(4) {
		case 0:
			phi[i] = float32(s.IntN(2048))/32 - 32
			if s.IntN(2) == 0 {
				phi[i] = math.Nextafter32(phi[i], 40)
			}
		case 1:
			phi[i] = []float32{-32, last, 0, float32(math.Copysign(0, -1)), 1e-40, -1e-9}[s.IntN(6)]
		}
		if wild > 0 && s.IntN(wild) == 0 {
			inf := float32(math.Inf(1))
			phi[i] = []float32{32, math.Nextafter32(-32, -40), 1e30, -1e30, inf, -inf, inf - inf}[s.IntN(7)]
		}
	}
	return phi
}

func checkReliability(t *testing.T, seed uint64, n, wild int) {
	t.Helper()
	const guard = -77
	phi, g, xi := phisOf(seed, n, wild), numbers(seed, n, wild > 0), numbers(seed+1, n, false)
	reach := slices.IndexFunc(phi, func(v float32) bool { return !(v >= -32 && v < 32) })
	if reach < 0 {
		reach = n
	}
	sigmas, errors := make([]float32, reach), make([]float32, reach)
	for i, v := range phi[:reach] {
		p, u := testTable.Place(v)
		sigmas[i] = float32(testTable.Sigma[p].At(u))
		errors[i] = NoiseError(g[i], xi[i], testTable.Slopes[p].Sigma.At(u), testTable.Slopes[p].Cost.At(u))
	}
	for _, l := range levels() {
		at(l, func() {
			for what, c := range map[string]struct {
				want []float32
				fill func(dst []float32) int
			}{
				"σ":      {sigmas, func(dst []float32) int { return testTable.Sigmas(dst, phi) }},
				"errors": {errors, func(dst []float32) int { return testTable.Errors(dst, phi, g, xi) }},
			} {
				dst := slices.Repeat([]float32{guard}, n+2)
				if done := c.fill(dst[:n]); done != reach {
					t.Fatalf("%s: %s of %d φ end at %d, want %d", l, what, n, done, reach)
				}
				if !sameBits(dst[:reach], c.want) {
					t.Fatalf("%s: %s of %v = %v, want %v", l, what, phi[:reach], dst[:reach], c.want)
				}
				for i, v := range dst[reach:] {
					if v != guard {
						t.Fatalf("%s: %s of %d φ: number %d is written, beyond the first %d", l, what, n, reach+i, reach)
					}
				}
			}
		})
	}
}

func TestReliability(t *testing.T) {
	for n := range 71 {
		for _, wild := range []int{0, 3, 40} {
			for seed := range uint64(4) {
				checkReliability(t, seed, n, wild)
			}
		}
	}
	checkReliability(t, 9, 100_000, 0)
}

func FuzzReliability(f *testing.F) {
	f.Add(uint64(1), uint16(40), uint8(10))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, wild uint8) {
		checkReliability(t, seed, int(n%3000), int(wild))
	})
}

func BenchmarkReliability(b *testing.B) {
	phi, g, xi, dst := make([]float32, 1024), numbers(1, 1024, false), numbers(2, 1024, false), make([]float32, 1024)
	s := rand.New(rand.NewPCG(1, 0))
	for i := range phi {
		phi[i] = float32(s.NormFloat64() - 9) // σ of 10⁻⁵ to 10⁻³
	}
	for _, l := range levels() {
		for what, f := range map[string]func(){
			"sigmas": func() { testTable.Sigmas(dst, phi) }, "errors": func() { testTable.Errors(dst, phi, g, xi) },
		} {
			b.Run(what+" "+string(l), func(b *testing.B) {
				at(l, func() {
					for b.Loop() {
						f()
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/number")
				})
			})
		}
	}
}
