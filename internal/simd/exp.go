package simd

import "math"

// The numbers of e^x. ln2High has 20 zeros at its end, so that k·ln2High is exact.
const (
	lowest, highest = -746, 710 // e^x is 0 below and infinite above
	ln2High, ln2Low = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	integers        = 1<<52 + 1<<51 // numbers near it are integers
	biases          = 2 * 1023      // of the exponents of two numbers
)

// even and odd are 1/12! … 1/2! and 1/13! … 1/3!.
var even, odd = func() (even, odd [6]float64) {
	for i := range even {
		even[i], odd[i] = 1/math.Gamma(float64(13-2*i)), 1/math.Gamma(float64(14-2*i))
	}
	return even, odd
}()

// Exp replaces all x by e^x, to within 1 unit in the last place; denormal results
// are rounded once more. e^-∞ = 0, e^∞ = ∞, e^0 = 1, NaN stays.
func Exp(x []float64) {
	done := expVectors(x)
	for i, v := range x[done:] {
		x[done+i] = power(v)
	}
}

// power returns e^x = 2^k·e^r, where k is x/ln 2 rounded and |r| ≤ ½ ln 2, with
// e^r by its Taylor series up to r¹³/13!, whose rest is below 2^-57, even and odd
// powers apart, which takes half as long: cosh and sinh are what is left of theirs.
// 2^k is two factors: one alone cannot be written where e^x is about to be infinite,
// or is denormal.
func power(x float64) float64 {
	x = max(min(x, highest), lowest)
	shifted := float64(x*math.Log2E) + (integers + biases)
	k := shifted - (integers + biases)
	r := x - float64(k*ln2High) - float64(k*ln2Low)

	square, cosh, sinh := float64(r*r), even[0], odd[0]
	for i := 1; i < len(even); i++ {
		cosh = float64(cosh*square) + even[i]
		sinh = float64(sinh*square) + odd[i]
	}
	y := 1 + (r + float64(square*(cosh+float64(sinh*r))))

	exponents := math.Float64bits(shifted) - math.Float64bits(integers) // k + biases
	half := exponents >> 1
	return y * math.Float64frombits(half<<52) * math.Float64frombits((exponents-half)<<52)
}
