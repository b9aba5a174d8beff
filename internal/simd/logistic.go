package simd

import "math"

// The numbers of e^-|z| in float32. ln2High32 has 8 zeros at its end, so that k·ln2High32
// is exact for every k that occurs, none beyond 151.
const (
	faintest           = -104 // e^z is 0 below
	log2e32    float32 = math.Log2E
	ln2High32  float32 = 0xb172p-16
	ln2Low32   float32 = math.Ln2 - 0xb172p-16
	integers32         = 1<<23 + 1<<22 // numbers near it are integers
	raise              = 64            // 2^-raise keeps 2^k from being denormal on the way
	bias32             = 127 + raise
	lowered    float32 = 1.0 / (1 << raise)
)

// most32 is how many numbers the kernels take at a time, at most.
const most32 = 64

// Sigmoid writes 1/(1+e^-z) of all z, to within 2 units in the last place, to dst, which
// is as long and may be z. NaN stays.
func Sigmoid(dst, z []float32) {
	dst = dst[:len(z)]
	if level == Portable {
		for i, v := range z {
			dst[i] = sigmoid(v)
		}
		return
	}
	if done := sigmoidVectors(dst, z); done < len(z) {
		var rest [most32]float32
		n := copy(rest[:], z[done:])
		sigmoidVectors(rest[:], rest[:])
		copy(dst[done:], rest[:n])
	}
}

// SoftplusSum returns Σ ln(1+e^z) = Σ max(z, 0) + ln Π (1+e^-|z|), where e^-|z| is right to
// 1.1 units in the last place of float32 and all else is in float64: each term is off by
// less than 4·10^-8. The logarithm is taken once for 512 numbers. Of these, number i is in
// lane i mod 8; then lane i+4 joins lane i, i+2 joins i and i+1 joins i. NaN stays.
func SoftplusSum(z []float32) (sum float64) {
	for len(z) > 0 {
		n := min(len(z), 512) // 2⁵¹² is far from the largest float64
		sum += softplus(z[:n])
		z = z[n:]
	}
	return sum
}

// softplus is SoftplusSum of up to 512 numbers.
func softplus(z []float32) float64 {
	var sums [Lanes]float64
	products := [Lanes]float64{1, 1, 1, 1, 1, 1, 1, 1}
	if level == Portable {
		for i, v := range z {
			sums[i%Lanes] += float64(max(v, 0))
			products[i%Lanes] *= 1 + float64(decay(v))
		}
	} else if done := softplusVectors(z, &sums, &products); done < len(z) {
		var rest [most32]float32
		for i := copy(rest[:], z[done:]); i < len(rest); i++ {
			rest[i] = float32(math.Inf(-1)) // which adds 0, and multiplies by 1
		}
		softplusVectors(rest[:], &sums, &products)
	}
	for half := Lanes / 2; half > 0; half /= 2 {
		for i := range half {
			sums[i] += sums[half+i]
			products[i] *= products[half+i]
		}
	}
	return sums[0] + math.Log(products[0])
}

// sigmoid is 1-q above zero and e-eq below, where q = e/(1+e), e = e^-|z|: a rounding of
// q counts less in either than in q itself.
func sigmoid(z float32) float32 {
	e := decay(z)
	q := e / (1 + e)
	if z >= 0 {
		e = 1
	}
	return e - float32(e*q)
}

// decay returns e^-|z|, as power does e^x, with the series up to r⁷/7!, whose rest is below
// 2^-27.
func decay(z float32) float32 {
	x := max(math.Float32frombits(math.Float32bits(z)|1<<31), faintest)
	shifted := float32(x*log2e32) + (integers32 + bias32)
	k := shifted - (integers32 + bias32)
	r := x - float32(k*ln2High32) - float32(k*ln2Low32)

	square := float32(r * r)
	even := float32((float32(square*(1.0/720))+1.0/24)*square) + 1.0/2
	odd := float32((float32(square*(1.0/5040))+1.0/120)*square) + 1.0/6
	y := 1 + (r + float32(square*(even+float32(odd*r))))
	return y * math.Float32frombits(math.Float32bits(shifted)<<23) * lowered
}
