package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// levels are those of this processor.
func levels() (all []Level) {
	all = []Level{Portable}
	if has256 {
		all = append(all, AVX2)
	}
	if has512 {
		all = append(all, AVX512)
	}
	return all
}

// at runs a test at a level.
func at(l Level, f func()) {
	defer func(before Level) { level = before }(level)
	level = l
	f()
}

// numbers returns n floats of a wide range, with zeros of both signs,
// infinities, NaNs and denormals among them if wild.
func numbers(seed uint64, n int, wild bool) []float32 {
	s, x := rand.New(rand.NewPCG(seed, 0)), make([]float32, n)
	special := []float32{
		0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)),
		float32(math.NaN()), math.SmallestNonzeroFloat32, -1e-40, math.MaxFloat32,
	}
	for i := range x {
		// Sizes so far apart that float64 sums depend on the order of their terms.
		x[i] = float32(math.Pow(10, 16*s.Float64()-9) * s.NormFloat64())
		if wild && s.IntN(4) == 0 {
			x[i] = special[s.IntN(len(special))]
		}
	}
	return x
}

func sameBits(a, b []float32) bool {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) && !(a[i] != a[i] && b[i] != b[i]) {
			return false
		}
	}
	return true
}

func same64(a, b []float64) bool {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(a[i] != a[i] && b[i] != b[i]) {
			return false
		}
	}
	return true
}

func sameSums(a, b Sums) bool { return same64(a.M1[:], b.M1[:]) && same64(a.Work[:], b.Work[:]) }

// Every level computes the bits that the portable loops do, for every length
// and alignment, and touches nothing beyond.
func TestLevelsAgree(t *testing.T) {
	for _, l := range levels() {
		for n := range 70 {
			for offset := range 4 {
				for _, wild := range []bool{false, true} {
					check(t, l, n, offset, wild, 0.7, 0.05)
					check(t, l, n, offset, wild, 1, float32(math.Inf(1)))
				}
			}
		}
	}
}

func check(t *testing.T, l Level, n, offset int, wild bool, scale, bound float32) {
	t.Helper()
	name := fmt.Sprintf("%s, %d elements at %d, wild %t, scale %v, bound %v", l, n, offset, wild, scale, bound)
	type result struct {
		w, scaled  []float32
		added      []float32
		acc        []float64
		sums       Sums
		m0, stored int
		outer      []float32
		outerSums  Sums
		outerCount [2]int
		masked     []float32
		maskedSums Sums
		counts     [2]int
		reaching   []int32
	}
	compute := func() (r result) {
		delta := numbers(1, n+offset, wild)[offset:]
		r.w = numbers(2, n+offset+3, wild)
		r.m0, r.stored = Apply(r.w[offset:offset+n], delta, numbers(7, n, wild), scale, bound, &r.sums)
		r.outer = numbers(5, n+offset+3, wild)
		r.outerCount[0], r.outerCount[1] = ApplyOuter(r.outer[offset:offset+n], delta, 0.7, -0.3, scale, bound, &r.outerSums, offset)
		r.masked = numbers(6, n+offset+3, wild)
		bits := make([]uint64, (n+63)/64)
		for i := range bits {
			bits[i] = 0x123456789abcdef0 * uint64(n+i+1)
		}
		r.counts[0], r.counts[1] = ApplyMasked(r.masked[offset:offset+n], delta, bits, scale, bound, &r.maskedSums, offset)
		places := make([]int32, n)
		for _, flip := range []uint32{0, magnitude} {
			r.reaching = append(r.reaching, places[:Reaching(delta, flip, math.Float32bits(0.4), offset, places)]...)
		}
		r.scaled = make([]float32, n+offset+3)
		Scale(r.scaled[offset:offset+n], delta, scale)
		r.added = numbers(4, n+offset+3, wild)
		AddScaled(r.added[offset:offset+n], delta, scale)
		r.acc = make([]float64, n+offset+3)
		for i := range r.acc {
			r.acc[i] = float64(i)
		}
		Axpy(r.acc[offset:], delta, scale)
		return r
	}
	var want, got result
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !sameBits(got.w, want.w) || got.m0 != want.m0 || got.stored != want.stored || !sameSums(got.sums, want.sums) {
		t.Fatalf("%s: Apply gives w %v, m0 %d, stored %d, sums %v, want %v, %d, %d, %v", name, got.w, got.m0, got.stored, got.sums, want.w, want.m0, want.stored, want.sums)
	}
	if !sameBits(got.outer, want.outer) || got.outerCount != want.outerCount || !sameSums(got.outerSums, want.outerSums) {
		t.Fatalf("%s: ApplyOuter gives w %v, counts %v, m1 %v, want %v, %v, %v", name, got.outer, got.outerCount, got.outerSums, want.outer, want.outerCount, want.outerSums)
	}
	if !sameBits(got.masked, want.masked) || got.counts != want.counts || !sameSums(got.maskedSums, want.maskedSums) {
		t.Fatalf("%s: ApplyMasked gives w %v, counts %v, m1 %v, want %v, %v, %v", name, got.masked, got.counts, got.maskedSums, want.masked, want.counts, want.maskedSums)
	}
	if !slices.Equal(got.reaching, want.reaching) {
		t.Fatalf("%s: Reaching gives %v, want %v", name, got.reaching, want.reaching)
	}
	if !sameBits(got.scaled, want.scaled) {
		t.Fatalf("%s: Scale gives %v, want %v", name, got.scaled, want.scaled)
	}
	if !sameBits(got.added, want.added) {
		t.Fatalf("%s: AddScaled gives %v, want %v", name, got.added, want.added)
	}
	if !same64(got.acc, want.acc) {
		t.Fatalf("%s: Axpy gives %v, want %v", name, got.acc, want.acc)
	}
}

// Updates by factors are those of the gradient written out, wherever in a chunk
// the row begins.
func TestApplyOuterIsApply(t *testing.T) {
	const x, minus, bound = 0.7, -0.3, 0.05
	for _, l := range levels() {
		at(l, func() {
			for n := range 140 {
				scale := []float32{1, 0.4}[n%2]
				n /= 2
				for first := range Lanes + 1 {
					all, dz := make([]float32, first+n), numbers(1, n, false)
					for i, d := range dz {
						g := float32(x) * d
						all[first+i] = float32(minus) * g
					}
					want := numbers(2, first+n, false)
					got := append([]float32(nil), want...)
					var sums, outerSums Sums
					m0, stored := Apply(want, all, all, scale, bound, &sums)
					m0Outer, storedOuter := ApplyOuter(got[first:], dz, x, minus, scale, bound, &outerSums, first)
					if !sameBits(got, want) || m0 != m0Outer || stored != storedOuter || sums != outerSums {
						t.Fatalf("%s, %d from %d: w %v, %d, %d, %v, want %v, %d, %d, %v", l, n, first, got, m0Outer, storedOuter, outerSums, want, m0, stored, sums)
					}
				}
			}
		})
	}
}

// Adding -0 leaves every number as it is: this is how masked synapses stay put.
func TestNegativeZeroChangesNothing(t *testing.T) {
	for _, l := range levels() {
		at(l, func() {
			w := numbers(3, 64, true)
			before := append([]float32(nil), w...)
			delta := make([]float32, len(w))
			for i := range delta {
				delta[i] = float32(math.Copysign(0, -1))
			}
			var sums Sums
			m0, _ := Apply(w, delta, delta, 1, 0.01, &sums)
			if !sameBits(w, before) || m0 != 0 || sums != (Sums{}) {
				t.Errorf("%s: weights or counts changed: m0 %d, sums %v", l, m0, sums)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	if best("off") != Portable {
		t.Error("ERGON_SIMD=off does not force the portable loops")
	}
	if l := best("avx2"); l == AVX512 {
		t.Error("ERGON_SIMD=avx2 allows AVX-512")
	}
}

func FuzzApply(f *testing.F) {
	f.Add(uint64(1), 33, 1, float32(0.5), float32(0.01))
	f.Fuzz(func(t *testing.T, seed uint64, n, offset int, scale, bound float32) {
		n, offset = int(uint(n)%5000), int(uint(offset)%16)
		if !(bound > 0) {
			bound = 1
		}
		for _, l := range levels() {
			check(t, l, n, offset, seed%2 == 0, scale, bound)
		}
	})
}

func BenchmarkApply(b *testing.B) {
	const n = 4096
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				w, delta := numbers(1, n, false), numbers(2, n, false)
				var sums Sums
				b.SetBytes(12 * n)
				for b.Loop() {
					Apply(w, delta, delta, 1, 0.01, &sums)
				}
			})
		})
	}
}

// Under a bound of 0 nothing moves, at any level to the same zero: -0 becomes 0, but for updates that are -0 themselves.
func TestBoundOfZero(t *testing.T) {
	negative := float32(math.Copysign(0, -1))
	for _, c := range []struct{ update, want float32 }{{1, 0}, {-1, 0}, {0, 0}, {negative, negative}} {
		for _, l := range levels() {
			at(l, func() {
				delta, ones, bits := make([]float32, 37), make([]float32, 37), []uint64{math.MaxUint64}
				for i := range delta {
					delta[i], ones[i] = c.update, 1
				}
				var sums Sums
				var blockSums BlockSums
				for name, apply := range map[string]func(w []float32) (m0, stored int){
					"updates": func(w []float32) (int, int) { return Apply(w, delta, delta, 1, 0, &sums) },
					"factors": func(w []float32) (int, int) { return ApplyOuter(w, delta, 1, 1, 1, 0, &sums, 0) },
					"masked":  func(w []float32) (int, int) { return ApplyMasked(w, delta, bits, 1, 0, &sums, 0) },
					"block": func(w []float32) (int, int) {
						return ApplyBlock(Block{W: w, WStride: 37, G: delta, GStride: 37, Rows: 1, Columns: 37}, 1, 0, &blockSums)
					},
				} {
					w := make([]float32, len(delta))
					for i := range w {
						w[i] = negative
					}
					want := c.want
					if name == "block" && c.update == 0 {
						want = negative // is not touched
					}
					m0, stored := apply(w)
					for i, got := range w {
						if math.Float32bits(got) != math.Float32bits(want) || m0 != 0 || stored != 0 {
							t.Fatalf("%s, %s of %v: weight %d is %v, M0 %d, %d stored; want %v", l, name, c.update, i, got, m0, stored, want)
						}
					}
				}
			})
		}
	}
}
