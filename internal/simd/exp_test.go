package simd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// apart returns how many float64 numbers lie between two that are not negative.
func apart(a, b float64) uint64 {
	x, y := math.Float64bits(a), math.Float64bits(b)
	return max(x, y) - min(x, y)
}

// exponential returns e^x rounded once: (e^(x/1024))^1024, by its series in 300 bits.
func exponential(x float64) float64 {
	if x != x || math.Abs(x) > 800 {
		return math.Exp(x)
	}
	const precision, halvings = 300, 10
	number := func(v float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(v) }
	small := new(big.Float).SetMantExp(number(x), -halvings)
	sum, term := number(1), number(1)
	for n := 1; n < 60; n++ {
		term.Quo(term.Mul(term, small), number(float64(n)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	y, _ := sum.Float64()
	return y
}

// e^x is right to the last place, and the same bits at all levels.
func TestExp(t *testing.T) {
	s := rand.New(rand.NewPCG(1, 0))
	for _, scale := range []float64{1e-300, 1e-9, 0.3, 1, 30, 400, 750} {
		x := make([]float64, 300)
		for i := range x {
			x[i] = scale * (2*s.Float64() - 1)
		}
		checkExp(t, x)
	}
	checkExp(t, nil)
	checkExp(t, []float64{3})
}

// Where e^x is zero, denormal, about to be infinite, or not a number.
func TestExpExtremes(t *testing.T) {
	ln2 := math.Ln2
	x := []float64{
		0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1, -1, math.MaxFloat64, -math.MaxFloat64,
		709.782712893384, 709.7827128933841, 710, 711, -745.1332191019411, -745.1332191019412, -744.5, -746, -750, -1e9, 1e300,
		-708.396418532264, -708.3964185322641, -720.5, 1023.5 * ln2, 1023.9999 * ln2, ln2 / 2, -ln2 / 2, 5e-324, -5e-324,
	}
	checkExp(t, x)
	zeros := []float64{0, math.Copysign(0, -1)}
	if Exp(zeros); zeros[0] != 1 || zeros[1] != 1 {
		t.Errorf("e^±0 = %v", zeros)
	}
}

func FuzzExp(f *testing.F) {
	f.Add(1.5, -700.0, uint8(3))
	f.Fuzz(func(t *testing.T, a, b float64, n uint8) {
		x := make([]float64, n)
		for i := range x {
			x[i] = a + float64(i)/max(float64(len(x)-1), 1)*(b-a)
		}
		checkExp(t, x)
	})
}

func checkExp(t *testing.T, x []float64) {
	t.Helper()
	const guard = -77
	var portable []float64
	for _, l := range levels() {
		at(l, func() {
			y := append(slices.Clone(x), guard, guard)
			Exp(y[:len(x)])
			for i, v := range x {
				want := exponential(v)
				if math.IsNaN(v) != math.IsNaN(y[i]) || !math.IsNaN(v) && apart(y[i], want) > 1 {
					t.Fatalf("%s: e^%v = %v, want %v", l, v, y[i], want)
				}
			}
			if y[len(x)] != guard || y[len(x)+1] != guard {
				t.Fatalf("%s: Exp of %d numbers wrote beyond", l, len(x))
			}
			if l == Portable {
				portable = y
			}
			if !same64(y, portable) {
				t.Fatalf("%s: Exp(%v) = %v, in plain Go %v", l, x, y, portable)
			}
		})
	}
}

func BenchmarkExp(b *testing.B) {
	x, y := make([]float64, 1024), make([]float64, 1024)
	for i := range x {
		x[i] = -float64(i) / 100
	}
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				b.SetBytes(8 * int64(len(x)))
				for b.Loop() {
					copy(y, x)
					Exp(y)
				}
			})
		})
	}
}
