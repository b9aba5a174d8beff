package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Normal pairs by the transform of Box and Muller; boxmuller.go of package simd, which has
// the same numbers, says how.

const (
	rootHalf      = 0x3fe6a09e667f3bcd + 1
	exponentShift = 52
	leastExponent = 1024
)

// boxMuller writes the kernel at one level. The numbers are in memory, in each lane of the
// widest vector.
type boxMuller struct {
	name string // of the level
	new  func() reg.VecVirtual
	// unsigned makes float64 of integers of 64 bits, rounded once.
	unsigned func(v reg.VecVirtual)
	// truncated returns the integers below x ≥ 0.
	truncated func(x reg.VecVirtual) reg.VecVirtual
	// exchange swaps the lanes of a and b where the sign bit is set.
	exchange func(sign, a, b reg.VecVirtual)

	half, one, two, minusTwo, interval Mem
	oddLog, evenLog                    []Mem
	align, mantissa, rootHalf          Mem
	integers, integersLeast            Mem // 2⁵², and with the least exponent added
	ln2High, ln2Low                    Mem
	turn, octants                      Mem
	integerOne, evenOnly, integerTwo   Mem
	pi4                                [3]Mem
	sine, cosine                       []Mem
	signBit                            Mem
	high, highAndLow                   Mem // 2⁸⁴, and with 2⁵² added
}

// table64 is a table of eight equal numbers of 64 bits.
func table64(name string, bits uint64) Mem {
	t := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(8*i, U64(bits))
	}
	return t
}

func wideNumber(name string, x float64) Mem { return table64(name, math.Float64bits(x)) }

func wideNumbers(name string, all ...float64) (tables []Mem) {
	for i, x := range all {
		tables = append(tables, wideNumber(fmt.Sprint(name, i), x))
	}
	return tables
}

func newBoxMuller() (b boxMuller) {
	b.half, b.one, b.two, b.minusTwo = wideNumber("wideHalf", 0.5), wideNumber("wide1", 1), wideNumber("wide2", 2), wideNumber("wideMinus2", -2)
	b.interval = wideNumber("pairInterval", 0x1p-64)
	b.oddLog = wideNumbers("oddLog", 1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01)
	b.evenLog = wideNumbers("evenLog", 1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01)
	b.align, b.mantissa = table64("logAlign", leastExponent<<exponentShift-rootHalf), table64("mantissa", 1<<exponentShift-1)
	b.rootHalf = table64("rootHalf", rootHalf)
	b.integers, b.integersLeast = wideNumber("integers52", 1<<52), wideNumber("integersLeast", 1<<52+leastExponent)
	b.ln2High, b.ln2Low = wideNumber("wideLn2High", ln2High), wideNumber("wideLn2Low", ln2Low)
	b.turn, b.octants = wideNumber("turn", 2*math.Pi), wideNumber("octants", 4/math.Pi)
	b.integerOne, b.evenOnly, b.integerTwo = table64("wideInteger1", 1), table64("evenOnly", ^uint64(1)), table64("wideInteger2", 2)
	copy(b.pi4[:], wideNumbers("pi4", 7.85398125648498535156e-1, 3.77489470793079817668e-8, 2.69515142907905952645e-15))
	b.sine = wideNumbers("sine", 1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
		-1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1)
	b.cosine = wideNumbers("cosine", -1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
		2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2)
	b.signBit = table64("wideSign", 1<<63)
	b.high, b.highAndLow = wideNumber("high", 1<<84), wideNumber("highAndLow", 1<<84+1<<52)
	return b
}

func (b boxMuller) at512() boxMuller {
	b.name, b.new = "512", ZMM
	b.unsigned = func(v reg.VecVirtual) { VCVTUQQ2PD(v, v) }
	b.truncated = func(x reg.VecVirtual) reg.VecVirtual {
		j := ZMM()
		VCVTTPD2QQ(x, j)
		return j
	}
	b.exchange = func(sign, x, y reg.VecVirtual) {
		set, was := K(), ZMM()
		VPMOVQ2M(sign, set)
		VMOVAPD(x, was)
		VMOVAPD(y, set, x)
		VMOVAPD(was, set, y)
	}
	return b
}

func (b boxMuller) at256() boxMuller {
	b.name, b.new = "256", YMM
	b.unsigned = func(v reg.VecVirtual) {
		// The halves in the last places of 2⁵² and 2⁸⁴; only the last sum rounds.
		low := YMM()
		VPBLENDD(U8(0xaa), b.integers, v, low)
		VPSRLQ(U8(32), v, v)
		VPOR(b.high, v, v)
		VSUBPD(b.highAndLow, v, v)
		VADDPD(low, v, v)
	}
	b.truncated = func(x reg.VecVirtual) reg.VecVirtual {
		short, j := XMM(), YMM()
		VCVTTPD2DQY(x, short)
		VPMOVZXDQ(short, j)
		return j
	}
	b.exchange = func(sign, x, y reg.VecVirtual) {
		was := YMM()
		VMOVAPD(x, was)
		VBLENDVPD(sign, y, x, x)
		VBLENDVPD(sign, was, y, y)
	}
	return b
}

func (b boxMuller) kernel() {
	name := "boxMuller" + b.name
	TEXT(name, NOSPLIT, "func(dst *float64, words *uint32, n int)")
	Pragma("noescape")
	Doc(name + " writes n normal numbers, a multiple of two vectors, of twice as many words to dst.")
	dst, words, n := Load(Param("dst"), GP64()), Load(Param("words"), GP64()), Load(Param("n"), GP64())
	bytes := int(b.new().Size())
	loop("loop", bytes/4, n, nil, []reg.Register{dst, words}, func() {
		// Two vectors of (u, v) and back: pairs are split within quarters, and joined there.
		first, second, u, v := b.new(), b.new(), b.new(), b.new()
		VMOVUPD(Mem{Base: words}, first)
		VMOVUPD(Mem{Base: words, Disp: bytes}, second)
		VUNPCKLPD(second, first, u)
		VUNPCKHPD(second, first, v)
		r := b.radius(u)
		sin, cos := b.circle(v)
		VMULPD(r, cos, cos)
		VMULPD(r, sin, sin)
		VUNPCKLPD(sin, cos, first)
		VUNPCKHPD(sin, cos, second)
		VMOVUPD(first, Mem{Base: dst})
		VMOVUPD(second, Mem{Base: dst, Disp: bytes})
	})
	VZEROUPPER()
	RET()
}

// radius emits √(-2 ln u) of the words of u.
func (b boxMuller) radius(u reg.VecVirtual) reg.VecVirtual {
	b.unsigned(u)
	VADDPD(b.half, u, u)
	VMULPD(b.interval, u, u)
	r := b.logarithm(u)
	VMULPD(b.minusTwo, r, r)
	VSQRTPD(r, r)
	return r
}

// logarithm emits ln u, step by step as package simd.
func (b boxMuller) logarithm(u reg.VecVirtual) reg.VecVirtual {
	k, f, s := b.new(), b.new(), b.new()
	VPADDQ(b.align, u, u)
	VPSRLQ(U8(exponentShift), u, k)
	VORPD(b.integers, k, k)
	VSUBPD(b.integersLeast, k, k)
	VANDPD(b.mantissa, u, f)
	VPADDQ(b.rootHalf, f, f)
	VSUBPD(b.one, f, f)

	VADDPD(b.two, f, s)
	VDIVPD(s, f, s)
	s2, s4, square, part := b.new(), b.new(), b.new(), b.new()
	VMULPD(s, s, s2)
	VMULPD(s2, s2, s4)
	odd, even := b.series(s4, b.oddLog), b.series(s4, b.evenLog)
	VMULPD(s2, odd, odd)
	VMULPD(s4, even, even)
	VADDPD(even, odd, odd)
	VMULPD(b.half, f, square)
	VMULPD(f, square, square)

	VADDPD(odd, square, odd)
	VMULPD(odd, s, s)
	VMULPD(b.ln2Low, k, part)
	VADDPD(part, s, s)
	VSUBPD(s, square, square)
	VSUBPD(f, square, square)
	VMULPD(b.ln2High, k, k)
	VSUBPD(square, k, k)
	return k
}

// circle emits sin 2πv and cos 2πv of the words of v.
func (b boxMuller) circle(v reg.VecVirtual) (sin, cos reg.VecVirtual) {
	b.unsigned(v)
	VMULPD(b.interval, v, v)
	VMULPD(b.turn, v, v)
	y, z2, part := b.new(), b.new(), b.new()
	VMULPD(b.octants, v, y)
	octant := b.truncated(y)
	VPADDQ(b.integerOne, octant, octant)
	VANDPD(b.evenOnly, octant, octant)
	VORPD(b.integers, octant, y)
	VSUBPD(b.integers, y, y)
	for _, p := range b.pi4 {
		VMULPD(p, y, part) // no fused multiply-add: portable Go must give the same bits
		VSUBPD(part, v, v)
	}

	VMULPD(v, v, z2)
	sin, cos = b.series(z2, b.sine), b.series(z2, b.cosine)
	VMULPD(z2, z2, part)
	VMULPD(part, cos, cos)
	VMULPD(v, z2, part)
	VMULPD(part, sin, sin)
	VADDPD(v, sin, sin)
	VMULPD(b.half, z2, z2)
	VMOVUPD(b.one, part)
	VSUBPD(z2, part, part)
	VADDPD(cos, part, cos)

	sign := b.new()
	VPSLLQ(U8(62), octant, sign)
	b.exchange(sign, sin, cos)
	b.turned(sin, octant)
	VPADDQ(b.integerTwo, octant, octant)
	b.turned(cos, octant)
	return sin, cos
}

// turned emits the change of sign of x where 4 is part of the octant.
func (b boxMuller) turned(x, octant reg.VecVirtual) {
	sign := b.new()
	VPSLLQ(U8(61), octant, sign)
	VANDPD(b.signBit, sign, sign)
	VXORPD(sign, x, x)
}

// series emits the polynomial of x with these numbers, the highest first.
func (b boxMuller) series(x reg.VecVirtual, numbers []Mem) reg.VecVirtual {
	sum := b.new()
	VMOVUPD(numbers[0], sum)
	for _, c := range numbers[1:] {
		VMULPD(x, sum, sum)
		VADDPD(c, sum, sum)
	}
	return sum
}
