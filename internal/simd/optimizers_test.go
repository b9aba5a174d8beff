package simd

import (
	"fmt"
	"math"
	"testing"
)

// updated is what the loops of optimizers leave.
type updated struct {
	momentum, velocity       []float32
	adam, first, second      []float32
	sum, signs, flips, means []float32
	unset                    []float32
	squares, outer           [BlockLanes]float64
}

// update runs all loops on n numbers from an offset on, with some beyond them.
func update(n, offset int, seed uint64, wild bool, rate, threshold float32) (u updated) {
	draw := func(number uint64) []float32 { return numbers(seed+number, offset+n+3, wild) }
	g, w := draw(0), draw(1)
	g, w = g[offset:], w[offset:]
	at := func(x []float32) []float32 { return x[offset : offset+n] }
	u.momentum, u.velocity = draw(2), draw(3)
	Momentum(at(u.momentum), at(u.velocity), g, 0.9, -rate)
	u.adam, u.first, u.second = draw(4), draw(5), draw(6)
	for i, v := range u.second {
		u.second[i] = max(v, -v)
	}
	Adam(at(u.adam), at(u.first), at(u.second), g, &AdamRates{0.9, 0.999, 0.1, 0.001, -rate, 1.7, 1e-8})
	u.sum = draw(7)
	ScaledSum(at(u.sum), g, -rate, 0.3)
	u.signs = draw(8)
	Signs(at(u.signs), g, rate, threshold)
	u.flips, u.means = draw(9), draw(10)
	Flips(at(u.flips), at(u.means), w, g, 0.99, 0.01, threshold)
	u.unset = draw(11)
	bits := make([]uint64, (n+63)/64)
	for i := range bits {
		bits[i] = 0x123456789abcdef0 * (seed + uint64(n+i+1))
	}
	ReplaceUnset(at(u.unset), g, bits)
	Squares(g[:n], &u.squares)
	SquaresOuter(g[:n], rate, -0.3, &u.outer, offset)
	return u
}

func checkUpdate(t *testing.T, l Level, n, offset int, seed uint64, wild bool, rate, threshold float32) {
	t.Helper()
	var want, got updated
	at(Portable, func() { want = update(n, offset, seed, wild, rate, threshold) })
	at(l, func() { got = update(n, offset, seed, wild, rate, threshold) })
	for name, pair := range map[string][2][]float32{
		"Momentum": {got.momentum, want.momentum}, "Momentum's v": {got.velocity, want.velocity},
		"Adam": {got.adam, want.adam}, "Adam's m": {got.first, want.first}, "Adam's v": {got.second, want.second},
		"ScaledSum": {got.sum, want.sum}, "Signs": {got.signs, want.signs}, "Flips": {got.flips, want.flips}, "Flips' m": {got.means, want.means},
		"ReplaceUnset": {got.unset, want.unset},
	} {
		if !sameBits(pair[0], pair[1]) {
			t.Fatalf("%s, %d elements at %d, wild %t, rate %v, threshold %v: %s gives %v, want %v", l, n, offset, wild, rate, threshold, name, pair[0], pair[1])
		}
	}
	if !same64(got.squares[:], want.squares[:]) || !same64(got.outer[:], want.outer[:]) {
		t.Fatalf("%s, %d elements at %d, wild %t: Squares gives %v, SquaresOuter %v, want %v, %v", l, n, offset, wild, got.squares, got.outer, want.squares, want.outer)
	}
}

// Squares of updates by factors are those of the updates written out, wherever in a chunk the row
// begins.
func TestSquaresOuterIsSquares(t *testing.T) {
	const x, minus = 0.7, -0.3
	for _, l := range levels() {
		at(l, func() {
			for n := range 70 {
				for first := range BlockLanes + 1 {
					all, dz := make([]float32, first+n), numbers(1, n, false)
					for i, d := range dz {
						g := float32(x) * d
						all[first+i] = float32(minus) * g
					}
					var want, got [BlockLanes]float64
					Squares(all, &want)
					if SquaresOuter(dz, x, minus, &got, first); got != want {
						t.Fatalf("%s, %d from %d: %v, want %v", l, n, first, got, want)
					}
				}
			}
		})
	}
}

// Every level makes the updates that the portable loops make, for every length and alignment,
// and touches nothing beyond.
func TestOptimizersAgree(t *testing.T) {
	for _, l := range levels() {
		for n := range 70 {
			for offset := range 4 {
				for _, wild := range []bool{false, true} {
					for _, threshold := range []float32{0, 0.05, float32(math.Inf(1))} {
						checkUpdate(t, l, n, offset, uint64(20*n), wild, 0.7, threshold)
					}
				}
			}
		}
	}
}

func FuzzOptimizers(f *testing.F) {
	f.Add(uint64(1), 33, 1, float32(0.5), float32(0.01))
	f.Fuzz(func(t *testing.T, seed uint64, n, offset int, rate, threshold float32) {
		n, offset = int(uint(n)%5000), int(uint(offset)%16)
		if !(rate >= 0 && threshold >= 0) {
			t.Skip("no rate or threshold")
		}
		for _, l := range levels() {
			checkUpdate(t, l, n, offset, seed, seed%2 == 0, rate, threshold)
		}
	})
}

// A root in float64 of a float32, rounded, is the root in float32, of every number: Adam may
// take either. Roots repeat when a number is multiplied by 4, so that those of [1,4) are all, but
// for numbers that are subnormal.
func TestRootsAreRoundedOnce(t *testing.T) {
	const group = 4096
	var v, m, g, delta [group]float32
	check := func(first uint32) {
		for i := range v {
			v[i], m[i] = math.Float32frombits(first+uint32(i)), 1
		}
		Adam(delta[:], m[:], v[:], g[:], &AdamRates{Beta1: 1, Beta2: 1, Factor: 1, Scale: 1}) // 1/√v
		for i, x := range v {
			wide := math.Sqrt(float64(x))
			if want := 1 / float32(wide); delta[i] != want {
				t.Fatalf("1/√%v is %v, want %v", x, delta[i], want)
			}
		}
	}
	for _, l := range levels() {
		at(l, func() {
			for bits := math.Float32bits(1); bits < math.Float32bits(4); bits += group {
				check(bits)
			}
			for bits := uint32(0); bits < 1<<23; bits += 1 << 16 {
				check(bits)
			}
		})
	}
}

func BenchmarkOptimizers(b *testing.B) {
	const n = 1024
	g, v, m, w, delta := numbers(1, n, false), numbers(2, n, false), numbers(3, n, false), numbers(4, n, false), make([]float32, n)
	for i, x := range v {
		v[i] = max(x, -x)
	}
	var sums Sums
	var squares [BlockLanes]float64
	for name, body := range map[string]func(){
		"momentum":         func() { Momentum(delta, v, g, 0.9, -0.1) },
		"adam":             func() { Adam(delta, m, v, g, &AdamRates{0.9, 0.999, 0.1, 0.001, -0.1, 1, 1e-8}) },
		"squares":          func() { Squares(g, &squares) },
		"scale":            func() { Scale(delta, g, 0.1) },
		"apply free":       func() { Apply(w, delta, g, 1, float32(math.Inf(1)), &sums) },
		"apply":            func() { Apply(w, delta, g, 1, 0.01, &sums) },
		"outer":            func() { ApplyOuter(w[:512], g[:512], 0.7, -0.1, 1, 0.01, &sums, 0) },
		"outer free":       func() { ApplyOuter(w[:512], g[:512], 0.7, -0.1, 1, float32(math.Inf(1)), &sums, 0) },
		"outer scaled":     func() { ApplyOuter(w[:512], g[:512], 0.7, -0.1, 0.5, 0.01, &sums, 0) },
		"squares of outer": func() { SquaresOuter(g[:512], 0.7, -0.1, &squares, 0) },
	} {
		for _, l := range levels() {
			b.Run(fmt.Sprintf("%s/%s", name, l), func(b *testing.B) {
				at(l, func() {
					for b.Loop() {
						body()
					}
				})
			})
		}
	}
}
