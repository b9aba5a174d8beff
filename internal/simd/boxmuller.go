package simd

import "math"

// BoxMuller writes the normal numbers of words to dst, a pair for four words: the pairs of
// NormalPair. Of the last pair dst may have the first number only.
func BoxMuller(dst []float64, words []uint32) {
	words = words[:4*((len(dst)+1)/2)]
	done := boxMullerVectors(dst, words)
	for ; done+1 < len(dst); done += 2 {
		dst[done], dst[done+1] = NormalPair([4]uint32(words[2*done:]))
	}
	if done < len(dst) {
		dst[done], _ = NormalPair([4]uint32(words[2*done:]))
	}
}

// NormalPair returns √(-2 ln u)·cos 2πv and √(-2 ln u)·sin 2πv (Box & Muller 1958), where
//
//	u = ((2³²w₁ + w₀) + ½)/2⁶⁴ > 0,   v = (2³²w₃ + w₂)/2⁶⁴
//
// are rounded to float64, so that both can be 1. Logarithm, sine and cosine are those of
// package math on amd64, to the bit; the conversions forbid fused multiply-add.
func NormalPair(w [4]uint32) (even, odd float64) {
	u := (float64(uint64(w[1])<<32|uint64(w[0])) + 0.5) * 0x1p-64
	v := float64(uint64(w[3])<<32|uint64(w[2])) * 0x1p-64
	r := math.Sqrt(-2 * logarithm(u))
	sin, cos := circle(v)
	return float64(r * cos), float64(r * sin)
}

// rootHalf are the bits of the number after √½.
const rootHalf = 0x3fe6a09e667f3bcd + 1

// exponentShift is where a float64's exponent begins.
const exponentShift = 52

// The numbers of ln(1+f), odd and even powers of s², after FreeBSD's e_log.c.
var (
	oddLog  = [4]float64{1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01}
	evenLog = [3]float64{1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01}
)

// logarithm returns ln u = k ln 2 + ln(1+f), with √½ < 1+f ≤ √2, of a u > 0 that is not denormal.
func logarithm(u float64) float64 {
	const least = 1024 // added to k, to shift what is not negative
	bits := math.Float64bits(u) - rootHalf + least<<exponentShift
	k := float64(int64(bits>>exponentShift) - least)
	f := math.Float64frombits(bits&(1<<exponentShift-1)+rootHalf) - 1

	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	odd, even := oddLog[0], evenLog[0]
	for _, c := range oddLog[1:] {
		odd = float64(odd*s4) + c
	}
	for _, c := range evenLog[1:] {
		even = float64(even*s4) + c
	}
	rest := float64(s2*odd) + float64(s4*even)
	square := float64(0.5 * f * f)
	return float64(k*ln2High) - ((square - (float64(s*(square+rest)) + float64(k*ln2Low))) - f)
}

// π/4 in three parts, whose products with up to 8 are exact but for the last.
const (
	pi4A = 7.85398125648498535156e-1
	pi4B = 3.77489470793079817668e-8
	pi4C = 2.69515142907905952645e-15
)

// The numbers of the sine and cosine within ±π/4, after Moshier's Cephes library.
var (
	sineSeries   = [6]float64{1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6, -1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1}
	cosineSeries = [6]float64{-1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7, 2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2}
)

// circle returns sin 2πv and cos 2πv, for v from 0 to 1.
func circle(v float64) (sin, cos float64) {
	x := float64(2 * math.Pi * v)
	octant := (uint64(x*(4/math.Pi)) + 1) &^ 1 // the nearest even one
	y := float64(octant)
	z := ((x - float64(y*pi4A)) - float64(y*pi4B)) - float64(y*pi4C)

	z2 := z * z
	s, c := sineSeries[0], cosineSeries[0]
	for i := 1; i < len(sineSeries); i++ {
		s = float64(s*z2) + sineSeries[i]
		c = float64(c*z2) + cosineSeries[i]
	}
	cos = (1 - float64(0.5*z2)) + float64(float64(z2*z2)*c)
	sin = z + float64(float64(z*z2)*s)
	// Each quarter turn is (sin, cos) → (cos, -sin).
	if octant&2 != 0 {
		sin, cos = cos, sin
	}
	return turned(sin, octant), turned(cos, octant+2)
}

// turned returns x with its sign changed where 4 is part of the octant.
func turned(x float64, octant uint64) float64 {
	return math.Float64frombits(math.Float64bits(x) ^ octant<<61&(1<<63))
}
