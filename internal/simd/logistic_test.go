package simd

import (
	"math"
	"testing"
)

// ulp is the distance of float32 numbers about x.
func ulp(x float64) float64 {
	y := max(float32(math.Abs(x)), 0x1p-126)
	return float64(math.Nextafter32(y, 2*y) - y)
}

// logits returns numbers in which 1/(1+e^-z) and ln(1+e^z) are large, small, denormal, zero,
// infinite, or none.
func logits(n int, wild bool) []float32 {
	z := numbers(uint64(n), n, wild)
	ends := []float32{0, 88, 87.3, 104, 103.9, 1e-30, 1e-8, 17, 0.5, 3}
	for i := range z {
		switch sign := float32(1 - 2*(i%2)); i % 4 {
		case 0:
			z[i] = sign * ends[i/4%len(ends)]
		case 1, 2:
			z[i] = sign * float32(i) / 7
		}
	}
	return z
}

// 1/(1+e^-z) is that of float64 to 2 units in the last place, denormal numbers too.
func TestSigmoid(t *testing.T) {
	var z []float32
	for x := -110.0; x < 110; x += 0.00137 {
		z = append(z, float32(x), float32(x/1000), float32(math.Exp(x/2)), -float32(math.Exp(x/2)))
	}
	y := make([]float32, len(z))
	Sigmoid(y, z)
	worst := 0.0
	for i, v := range z {
		want := 1 / (1 + math.Exp(-float64(v)))
		worst = max(worst, math.Abs(float64(y[i])-want)/ulp(want))
	}
	t.Logf("within %.2f units in the last place", worst)
	if !(worst <= 2) {
		t.Errorf("off by %.2f units in the last place, want at most 2", worst)
	}
	inf := float32(math.Inf(1))
	for v, want := range map[float32]float32{inf: 1, -inf: 0, 0: 0.5, -104: 0, 104: 1} {
		if got := sigmoid(v); got != want {
			t.Errorf("at %v: %v, want %v", v, got, want)
		}
	}
	for _, payload := range []uint32{0x7fc00000, 0xffc00000, 0x7fffffff, 0xff800001} {
		if got := sigmoid(math.Float32frombits(payload)); got == got {
			t.Errorf("NaN %x gives %v", payload, got)
		}
	}
}

// ln(1+e^z) is that of float64 to 4·10^-8, and of a large z to as much of it.
func TestSoftplus(t *testing.T) {
	worst := 0.0
	for x := -110.0; x < 110; x += 0.000437 {
		z := float32(x)
		want := max(float64(z), 0) + math.Log1p(math.Exp(-math.Abs(float64(z))))
		worst = max(worst, math.Abs(SoftplusSum([]float32{z})-want)/max(1, want))
	}
	t.Logf("within %.2g of the larger of 1 and the term", worst)
	if !(worst <= 4e-8) {
		t.Errorf("off by %v of max(1, term), want at most 4e-8", worst)
	}
	inf := float32(math.Inf(1))
	if up, down, none := softplus([]float32{inf}), softplus([]float32{-inf}), softplus([]float32{inf - inf}); !math.IsInf(up, 1) || down != 0 || none == none {
		t.Errorf("at ∞, -∞ and NaN: %v, %v, %v", up, down, none)
	}
}

// All levels compute the same bits for every length and alignment, in place or not, and
// touch nothing beyond.
func TestLogisticLevels(t *testing.T) {
	for n := range 71 {
		for _, wild := range []bool{false, true} {
			checkLogistic(t, logits(n+3, wild)[3:])
		}
	}
	for _, n := range []int{511, 512, 513, 1500} { // of the softplus, 512 are one product
		checkLogistic(t, logits(n, false))
	}
}

func FuzzLogistic(f *testing.F) {
	f.Add(float32(-110), float32(110), uint8(40))
	f.Fuzz(func(t *testing.T, a, b float32, n uint8) {
		z := make([]float32, n)
		for i := range z {
			z[i] = a + float32(i)/max(float32(len(z)-1), 1)*(b-a)
		}
		checkLogistic(t, z)
	})
}

func checkLogistic(t *testing.T, z []float32) {
	t.Helper()
	const guard = -77
	var wantMean []float32
	var wantSum float64
	for _, l := range levels() {
		at(l, func() {
			mean := make([]float32, len(z)+2)
			mean[len(z)], mean[len(z)+1] = guard, guard
			Sigmoid(mean[:len(z)], z)
			inPlace := append([]float32(nil), z...)
			Sigmoid(inPlace, inPlace)
			sum := SoftplusSum(z)
			if l == Portable {
				wantMean, wantSum = mean, sum
			}
			if mean[len(z)] != guard || mean[len(z)+1] != guard {
				t.Fatalf("%s: Sigmoid of %d numbers wrote beyond", l, len(z))
			}
			if !sameBits(mean, wantMean) || !sameBits(inPlace, wantMean) {
				t.Fatalf("%s: Sigmoid(%v) = %v, in place %v, in plain Go %v", l, z, mean, inPlace, wantMean)
			}
			if !same64([]float64{sum}, []float64{wantSum}) {
				t.Fatalf("%s: SoftplusSum(%v) = %v, in plain Go %v", l, z, sum, wantSum)
			}
		})
	}
}

func BenchmarkLogistic(b *testing.B) {
	z, y := make([]float32, 1024), make([]float32, 1024)
	for i := range z {
		z[i] = float32(i%97)/10 - 4.8
	}
	for _, l := range levels() {
		at(l, func() {
			b.Run("sigmoid/"+string(l), func(b *testing.B) { each(b, len(z), func() { Sigmoid(y, z) }) })
			b.Run("softplus/"+string(l), func(b *testing.B) { each(b, len(z), func() { SoftplusSum(z) }) })
			words := make([]uint32, len(z))
			b.Run("bernoulli/"+string(l), func(b *testing.B) {
				each(b, len(z), func() {
					if !BernoulliPhilox(y, z, [2]uint32{1, 2}, 3, 4) {
						Bernoulli(y, z, words)
					}
				})
			})
		})
	}
}

// each reports what a call costs for each of n numbers.
func each(b *testing.B, n int, call func()) {
	for b.Loop() {
		call()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
}
