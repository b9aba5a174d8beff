//go:build !amd64.v3

package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Logarithm, sine and cosine are those of package math where it rounds each product and sum,
// as it does with neither GOAMD64=v3 nor other architectures.
func TestBoxMullerIsThatOfPackageMath(t *testing.T) {
	words := wordsOf(7, 1<<23)
	s := rand.New(rand.NewPCG(8, 0))
	for i := 0; i < len(words); i += 8 { // numbers near an octant's border
		words[i+3] = uint32(s.IntN(9)<<29 + s.IntN(3) - 1)
	}
	for i := 0; i < len(words); i += 4 {
		w := [4]uint32(words[i:])
		u := (float64(uint64(w[1])<<32|uint64(w[0])) + 0.5) * 0x1p-64
		v := float64(uint64(w[3])<<32|uint64(w[2])) * 0x1p-64
		sin, cos := math.Sincos(2 * math.Pi * v)
		r := math.Sqrt(-2 * math.Log(u))
		even, odd := NormalPair(w)
		if math.Float64bits(even) != math.Float64bits(r*cos) || math.Float64bits(odd) != math.Float64bits(r*sin) {
			t.Fatalf("words %x: %v and %v, want %v and %v", w, even, odd, r*cos, r*sin)
		}
	}
}

// ln u where rounding could err: next to powers of two and of √2.
func TestLogarithmAtItsBorders(t *testing.T) {
	for exponent := -65; exponent <= 0; exponent++ {
		for _, f := range []float64{0.5, math.Sqrt2 / 2, 0.75, 1} {
			u := math.Ldexp(f, exponent)
			for range 20 {
				u = math.Nextafter(u, 0)
			}
			for range 40 {
				if got, want := logarithm(u), math.Log(u); math.Float64bits(got) != math.Float64bits(want) {
					t.Fatalf("ln %v = %v, want %v", u, got, want)
				}
				u = math.Nextafter(u, 2)
			}
		}
	}
}
